"""Word lists: what the language floor counts, and what it must not look at.

Each list names a phenomenon of English, not a part of STAR: the tagger learns from labelled
answers what a phenomenon means for a part. All entries are lower case, spelling as after
:func:`starcheck.language.normalise.us_spelling`.
"""

from __future__ import annotations

REASONS = frozenset("because since so therefore hence thus cause cos coz".split())
CONTRAST = frozenset("but however although though unfortunately despite yet instead".split())
HEDGES = frozenset(
    "maybe perhaps probably basically somewhat kinda sorta things stuff various "
    "several something somehow generally usually often always normally typically".split()
)
DUTY = frozenset(
    "task tasked responsible responsibility asked assigned needed need goal aim objective target "
    "deadline brief required expected supposed job role charged".split()
)
OUTCOME = frozenset(
    "result resulted outcome ended eventually finally since increased decreased reduced improved "
    "saved dropped rose fell grew won achieved approved accepted adopted happy pleased thanked "
    "impressed satisfied promoted praised success successful successfully completed launched "
    "delivered finished passed".split()
)
LESSON = frozenset(
    "learned learnt taught lesson realized realize hindsight reflection differently nowadays retrospect".split()
)
TIME = frozenset(
    "when while during after before last year month week day yesterday morning summer winter "
    "spring autumn january february march april june july august september october november "
    "december monday tuesday wednesday thursday friday saturday sunday ago once then first "
    "next later".split()
)
SPEECH = frozenset(
    "said told asked explained suggested replied answered rang called emailed wrote presented "
    "discussed spoke talked proposed agreed met listened".split()
)
MODALS = frozenset("would could will can should must might may shall wo ca 'll 'd".split())
HYPOTHETICAL = frozenset("would if imagine suppose hypothetically should could might".split())
FIRST = frozenset("i me my mine myself".split())
PLURAL = frozenset("we us our ours ourselves".split())
UNITS = frozenset(
    "% percent percentage pounds dollars euros pound dollar k m million billion thousand grand "
    "hours hour minutes minute days weeks months seconds times fold points point".split()
)
CHANGE = frozenset(
    "from to by under over below above increased decreased reduced improved saved cut dropped "
    "rose fell grew went down up faster less fewer more halved doubled tripled".split()
)
NUMBER_WORDS = frozenset(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty "
    "sixty seventy eighty ninety hundred half twice double quarter".split()
)

KEPT_CAPITALS = frozenset(
    # Months and days, tools and techniques, and words of working life people capitalise at will:
    # none of them says who somebody is. Every other capitalised word in mid-sentence is read as a
    # name and hidden from the model.
    """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas easter
    python excel tableau power bi java javascript typescript react angular node docker kubernetes
    git github gitlab jira confluence slack teams zoom outlook word powerpoint sharepoint access
    azure aws google analytics cloud spark hadoop kafka airflow snowflake bigquery redshift
    postgres mysql mongo redis linux windows mac android tensorflow pytorch keras pandas
    jupyter selenium cypress postman jenkins terraform salesforce hubspot shopify oracle sage
    xero workday figma photoshop looker dbt bert lasso bayes bayesian gaussian kaplan meier shapley
    manager director head team lead senior junior officer engineer analyst scientist supervisor
    assistant executive president chief nurse doctor sister ward department office school college
    university company project board council committee trust service services hospital store shop
    customer client data science machine learning human resources marketing sales finance
    operations quality assurance product support health safety star situation task action result
    reflection internet wi fi agile scrum sprint kanban lean sigma
    """.split()
)

FUNCTION_WORDS = frozenset(
    # Never a name, however it is capitalised: people who leave out full stops begin anew with these.
    """
    the a an this that these those my our your his her their its it they we you he she i there
    him hers himself herself
    and but or so because since although though however if when while as after before once then
    also in on at to for from with without by of about into over under up down out off not no
    is are was were be been am had have has did do does what which who why how where all both each
    every some any most other another one anything something first next finally again instead through
    back along straight would could myself mine
    """.split()
)

PRONOUNS = {
    # One form for all genders, so that a pronoun cannot move a score.
    "he": "they",
    "she": "they",
    "himself": "themselves",
    "herself": "themselves",
}
HIM_OR_HER = frozenset("him his her hers".split())
"""Become them or their by the word that follows: "her" alone does not say which it is."""
BEFORE_NOUNS = frozenset("own first next other most".split())
"""Function words that may stand between "their" and its noun."""
