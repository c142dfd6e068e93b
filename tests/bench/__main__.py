"""Every row at its small size, one after the other.  make bench"""

from __future__ import annotations

from bench import archive, completion, entry_commit, looking, pushes, site_build, startup

startup.main()
completion.main()
entry_commit.main()
pushes.main(clones=4, entries=4)
archive.main()
looking.main()
site_build.main(rounds=1)
