"""Every row at its small size, one after the other.  make bench"""

from __future__ import annotations

from bench import archive, completion, entry_commit, findings, looking, pushes, site_build, startup

startup.main()
completion.main()
entry_commit.main()
pushes.main(clones=4, entries=4)
archive.main()
looking.main()
findings.main(count=1000)
site_build.main(rounds=1)
