"""The English words that the lint of postmortems knows. More words: `policies.postmortem_lint.words`."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    """The words of a list, in both spellings."""
    found = text.split()
    return frozenset(found) | {word.replace("iz", "is") for word in found if word.endswith(("ize", "ized"))}


PRONOUNS = _words(
    "i we he she they you who everyone everybody nobody no-one someone somebody anyone anybody us them people"
)
HUMANS = PRONOUNS | _words(
    """engineer engineers developer developers operator operators reviewer reviewers responder responders team teams
    on-call oncall commander commanders manager managers lead leads leader leaders administrator administrators admin
    admins author authors architect architects contractor contractors colleague colleagues person staff shift desk
    support operations engineering management scribe scribes deputy owner owners maintainer maintainers deployer
    deployers committer analyst analysts tester testers crew intern interns sre sres dba dbas employee employees
    technician technicians group deputies newcomer newcomers expert experts member members caller"""
)
"""Nouns for people who work on the system. Customers and users are not among them: what they should have seen is an
expectation of the system."""
QUANTIFIERS = _words("one two three some none each any both many most those all several few either neither half")
DETERMINERS = _words("a an the this that these those our their its his her my your every each any some no both another")
PREPOSITIONS = _words(
    "of on in at for from with by to into during after before within without under over about through between "
    "against despite until since per"
)
CONJUNCTIONS = _words(
    "that which and but because if when while so or although though then as whereas where since unless whether who"
)
ADVERBS = _words(
    """also probably clearly never really then still always ever easily certainly surely perhaps maybe at least first
    actually already instead likely simply just obviously definitely not hindsight fully even thus therefore only
    together later earlier sooner ideally arguably possibly either"""
)
PARTICIPLES = _words(
    """been done seen known caught taken read told run set put kept left let made sent written gone given found felt
    held heard thought brought built bought begun broken chosen drawn driven fallen fought forgotten frozen gotten got
    grown hidden hit hurt laid led lost meant met paid proven quit rung said sat shown shut slept spent split spoken
    spread stood stuck sworn taught thrown understood undone withdrawn woken won become come cut dealt foreseen had"""
)
HUMAN_DONE = _words(
    """caught noticed tested reviewed escalated checked paged rolled detected avoided prevented verified communicated
    documented informed told asked updated merged deployed approved enabled disabled announced discussed questioned
    spotted foreseen anticipated considered renewed replaced rehearsed monitored mitigated reported seen known done
    stopped found recognized realized followed investigated postponed called declared planned
    trained warned cancelled canceled rejected audited fixed handled read limited resolved sooner avoided"""
)
HUMAN_VERBS = _words(
    """check read test verify notice follow review escalate ask realize consider update tell document page look
    communicate inform confirm validate monitor call announce recognize understand think plan rehearse
    declare report respond act roll renew remember mention investigate hand discuss coordinate involve train watch
    listen raise question spot anticipate foresee assign warn pay stop wait write use acknowledge inspect examine
    compare ensure heed share publish notify set assess audit pin limit leave record keep escalate"""
)
"""What people do, or do not do: `did not VERB` and `failure to VERB`."""
SCHEDULED = _words("be begin start end run expire happen go finish close open arrive launch retire leave ship move")
"""`due to VERB`: a plan, not a cause."""
DECIDED = _words(
    """chosen chose choose lowered raised paused stopped postponed declared rejected rolled reverted kept decided
    switched selected preferred waited skipped called escalated announced waived moved asked wanted needed"""
)
"""Verbs of decisions: what follows `because` is then a reason and needs no evidence."""
PRAISE = ("thanks to", "many thanks", "thank", "credit to", "credit goes", "kudos", "well done", "hats off", "grateful")
NOT_SURE = (
    "theory",
    "theories",
    "hypothes",
    "suspect",
    "assum",
    "refuted",
    "ruled out",
    "believed",
    "guess",
    "possibly",
    "may have",
    "might have",
    "would have",
    "could have",
    "if ",
)
"""Words of a sentence that reports a theory or a possibility instead of claiming a cause."""

BLAME = (
    "human error",
    "human errors",
    "human mistake",
    "human mistakes",
    "human failure",
    "operator error",
    "operator errors",
    "user error",
    "pilot error",
    "finger trouble",
    "careless",
    "carelessly",
    "carelessness",
    "negligence",
    "negligent",
    "negligently",
    "sloppy",
    "sloppily",
    "sloppiness",
    "incompetent",
    "incompetence",
    "reckless",
    "recklessly",
    "lazy",
    "laziness",
    "inattentive",
    "inattention",
)
ROOT_CAUSE = (
    r"(?:the|its|our|a single|one single|the one)(?: [a-z]+){0,1} root(?: |-)cause(?! anal| theor| cert| invest)"
)
NEGATED = _words("no not never nor without instead rather isn't wasn't don't doesn't")
CAUSAL = (
    "because",
    "caused by",
    "caused",
    "due to",
    "owing to",
    "triggered by",
    "as a result of",
    "as a consequence of",
    "a consequence of",
    "led to",
    "resulted in",
    "resulted from",
)
VAGUE = (
    r"(?:be|been|being) (?:more |very |extra )?careful",
    r"more careful(?:ly)?",
    r"(?:more|extra|greater) care",
    r"(?:be|stay|remain) (?:more |very )?(?:aware|vigilant|mindful)",
    r"(?:more|greater) vigilan(?:t|ce)",
    r"pay (?:\w+ )?(?:\w+ )?attention",
    r"(?:raise|increase|improve) awareness",
    r"double(?:-| )check",
    r"try harder",
    r"remind (?:everyone|everybody|people|engineers|the team|all|staff|developers|operators)",
    r"(?:better|more) (?:communication|monitoring|testing|documentation|alerting|training|discipline|observability)",
    r"communicate (?:better|more)",
    r"improve (?:\w+ )?(?:monitoring|alerting|documentation|testing|communication|observability|training|processes)",
    r"(?:monitoring|alerting|documentation|testing|communication|training) (?:\w+ )?(?:to be|be) (?:improved|better)",
)
MINIMIZING = (
    "obviously",
    "of course",
    "needless to say",
    "goes without saying",
    "clearly(?! (?:\\w+(?:ed|en|le|ly)|shown|seen|set|on|in|marked)\\b)",
    "trivial(?:ly)?",
    "merely",
    r"(?<!cannot\x20)(?<!not\x20)(?<!never\x20)simply",
    r"simple (?:typo|mistake|error|oversight|matter)",
    r"just (?:a (?:matter|question|typo|mistake)|needed|need|needs|had to|have to|has to|run|restart|do|did|turn|use"
    r"|add|put|look|wait|remove|delete|call|click|press|forgot|type|set)",
)
MODALS = _words("will should must shall needs need to can")
VERBS = _words(
    """accept access account acknowledge acquire adapt add address adjust adopt advertise agree alert align allocate
    allow allow-list alter analyze announce answer append apply approve archive arrange ask assess assign
    attach audit augment automate avoid back backfill backport ban batch be benchmark bias blacklist blank block
    book bound branch break brief bring broadcast buffer build bump bundle buy bypass cache calculate calibrate call
    cancel canvas cap capture carry catch change charge chart check choose clamp clarify clean cleanse clear clone
    close codify collect combine commission commit communicate compact compare complete compress compute condition
    configure confirm connect consider consolidate consult contact contain continue control convert cope copy cordon
    correct count cover create cross cross-check cut deactivate deal debounce debug decide declare decommission
    decouple dedicate deduplicate define delay delegate delete deliver demand deny deploy deprecate derive describe
    design destroy detach detect determine develop diagnose disable disallow discard discuss dismiss display
    distinguish distribute divide document double downgrade draft drain draw drill drop dump duplicate eliminate
    embed emit enable encode encourage encrypt end enforce ensure enter escalate establish estimate evaluate examine
    exchange exclude execute exercise expand expire explain explore expose express extend extract fail fall feed
    fence fetch file fill filter find finish fix flag flush focus follow forbid force fork format forward free
    freeze gate gather generate get give go grant group grow guarantee guard guess handle harden harness hash have
    hide hire hold identify ignore implement import improve include increase index inform inject insert inspect
    install instrument integrate introduce invalidate inventory invest investigate invite isolate issue join keep
    label launch lead learn lease leave lengthen let lift limit link list load lock log look loosen lower maintain
    make manage map mark measure mention merge migrate mirror miss mitigate mock model modify monitor move mute name
    negotiate normalize note notify nudge number observe obtain offer onboard open optimize order organize outline
    overhaul own pace pack page pair park parse partition pass patch pause pay perform permit persist pick pilot pin
    ping place plan point poke poll port position post postpone practice practise pre-warm prefer prepare present
    preserve press prevent print prioritize process profile prohibit promote prompt propose protect protocol prove
    provide provision prune publish pull purge push put quarantine query question queue quote raise randomize rate-
    limit reach read rebuild recommend reconcile reconfigure record recover recreate redact redeploy redesign
    redirect redo reduce refactor reference refine refresh refuse register rehearse reject release reload remind
    remove rename render renew rent reorder repair repeat replace replay replicate reply report request require
    rerun research reserve reset resize resolve respond restart restore restrict restructure retain retest retire
    retry return reuse revert review revise revisit revoke reword rework rewrite ring roll rotate round route run
    salt sample sanitize save scale scan schedule scope scrape script search secure see seed segment select send
    separate sequence serialize serve set settle shard share shed shift shorten show shrink shut sign simplify
    simulate size skip smoke-test snapshot soften sort speak specify split stage stagger standardize start state
    stop store stream strengthen stress stress-test string strip stub study submit subscribe suggest sunset
    supplement supply support suppress surface survey suspend swap sweep switch sync synchronize tag take talk teach
    tell terminate test throttle tidy tie tighten time timestamp track train transfer translate treat triage trigger
    trim try tune turn unblock unify uninstall unlock unmute update upgrade upload use validate vary verify version
    visit visualize vote wait walk warm warn watch wean weigh whitelist widen wire withdraw work wrap write"""
)
"""Verbs that begin an action item. The list can never be complete: an unknown word is a finding only if it looks like
the beginning of a noun phrase."""
NOT_VERBS = _words(
    """a an the more better faster slower new newer stricter additional extra second third another fewer less higher
    lower stronger weekly monthly quarterly daily regular automatic automated our all every each no some postgres"""
)
NOUN_ENDINGS = ("ing", "tion", "sion", "ment", "ness", "ity", "ance", "ence", "ancy", "ency")
NOT_PLURAL = ("ss", "us", "is", "as", "os")
THINGS = _words(
    """upgrade upgrades migration update training tests test testing review cleanup documentation improvements
    improvement dashboard dashboards monitoring alerting failover rehearsal rehearsals"""
)
"""Last words of short items such as "kernel upgrade"."""
VERB_PREFIXES = ("re", "un", "de", "dis", "pre", "auto", "over", "under", "cross", "double", "co", "out", "right")
VERB_ENDINGS = ("ize", "ise", "yse", "ify", "ate")
