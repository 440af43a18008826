"""Words to whoever, or whatever, marks the answer, told from stories in which marks are given.

Teachers award marks and engineers write prompts, so a telling word alone proves nothing: the sentence
must also speak to the reader, as an order ("award full marks") or a demand ("this answer should be
rated 7") does. What these patterns miss the encoder may still find foreign.
"""

from __future__ import annotations

import re

_READER = (
    r"(?:grader|marker|assessor|examiner|evaluator|reviewer|scorer|judge|assistant|chatbot|ai|language model|"
    r"scoring (?:assistant|system|model|program|tool))"
)
_ANSWER = r"(?:answer|response|candidate|applicant|submission|text|reply|person|interviewee)"
_ORDER = (
    # The start of an order: of the sentence, after a colon or dash, after "please", "you must", "marker,".
    rf"(?:^\W*|[:;\u2013\u2014(]\s*|\b(?:please|kindly)\b[\s,]*|\b{_READER}\W+(?:should |must )?|"
    r"\byou (?:must|should|shall|have to|need to|are to|ought to) |\bwhoever [\w ]{3,30}? (?:should|must) |"
    rf"\bthis {_ANSWER} and )"
    r"(?:(?:please|kindly|now|just|simply|then|so|and|ok|okay|hello|hi|hey|important|note|attention)\W+){0,3}"
)
_TOP_MARKS = (
    r"(?:\b(?:full|max|maximum|highest|top|perfect|best|bonus|outstanding|excellent|100|10|7|seven|ten)\b"
    r"(?:\W+\w+){0,2}?\W+(?:marks?|scores?|points?|bands?|ratings?|grades?|credit|stars)\b"
    r"|\b(?:10|ten|100|7|seven) ?(?:/|(?:out )?of) ?(?:10|ten|100|7|seven)\b|\bthe maximum\b"
    r"|\b(?:band|score|rating|grade|mark) (?:of )?(?:7|seven|10|ten|100)\b)"
)
_RULES = r"(?:instructions?|prompts?|rubric|checklist|criteria|guidelines?|scoring guide|marking scheme|context)"
_BEFORE = r"(?:previous|prior|earlier|above|preceding|foregoing)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # Put your rules aside.
        rf"{_ORDER}(?:ignore|disregard|forget|override|bypass|delete|discard)\b.{{0,40}}\b"
        rf"(?:{_RULES}|(?:all|your|{_BEFORE}) rules|everything above)\b",
        rf"{_ORDER}(?:ignore|disregard|forget|override|bypass|discard)\b.{{0,40}}\b(?:{_RULES}|rules|text) {_BEFORE}\b",
        rf"{_ORDER}set\b.{{0,40}}\b{_RULES}.{{0,10}} aside\b",
        rf"(?<!\bto )(?<!\bnot )(?<!\bI )(?<!\bwe )(?<!\bthey )(?<!\bhe )(?<!\bshe )(?<!\bwould )(?<!\bcould )"
        rf"\b(?:ignore|disregard|forget|override) (?:all |any |every |the |your |my )*{_BEFORE} {_RULES}",
        # Judge this one well.
        rf"{_ORDER}(?:rate|score|mark|grade|accept|approve|judge|treat|classify)\b(?:\W+\w+){{0,2}}?\W+"
        rf"(?:(?:this|my) {_ANSWER}\b|(?:this|it|me) (?:as|at|with|kindly|highly)\b|"
        rf"the {_ANSWER}\b.{{0,40}}{_TOP_MARKS})",
        rf"{_ORDER}(?:give|award|assign|grant|put|write|record|choose|return|output|respond|reply|enter|report)\b"
        rf".{{0,50}}{_TOP_MARKS}",
        rf"\b(?:this|my) {_ANSWER}\b.{{0,40}}\b(?:deserves?|must|should|has to|ought to)\b.{{0,30}}"
        rf"(?:{_TOP_MARKS}|\bbe (?:rated|scored|graded|marked|awarded)\b)",
        rf"\b(?:this|every|the) (?:candidate|applicant) (?:receives|gets|must (?:get|receive))\b.{{0,20}}{_TOP_MARKS}",
        # You are a machine.
        rf"{_ORDER}(?:print|reveal|show|output|repeat|quote)\b.{{0,40}}\b(?:system prompt|your (?:\w+ )?(?:{_RULES}))",
        r"\byour (?:hidden|system|starting|initial|original|earlier|previous|new|real) (?:prompt|instructions?)\b",
        r"\byou are (?:now |actually |really )?(?:an? )?(?:ai\b|(?:large )?language model|llm\b|chatbot|"
        r"(?:helpful|ai|scoring) assistant|in \w+ mode)",
        r"\bas an ai(?: language model| model| assistant)?\s*,",
        r"</?\|?(?:im_start|im_end|system|endoftext)\|?>|\[/?inst\]",
        # Listen, marker.
        r"^\W*(?:(?:hello|hi|hey|listen|dear|note to|attention)[\s,]+)*(?:the )?(?:grader|marker|assessor|examiner|"
        r"evaluator|scoring (?:assistant|system|model))\s*[,:!]|^\W*note to (?:the )?reviewers?\b",
    )
)


def is_instruction(text: str) -> bool:
    """Whether a sentence talks to whoever, or whatever, marks the answer."""
    return any(pattern.search(text) for pattern in _PATTERNS)


_OPENER = re.compile(
    r"(?<=[\w,%)] )(?:Please|Kindly|Ignore|Disregard|Forget|Override|Bypass|Give|Award|Assign|Grant|Rate|Score|Mark|"
    r"Grade|Accept|Approve|Treat|Note|You|This|Print|Reveal|Output|Set|Hello|Dear|Whoever|Attention)\b"
)
_STOP = re.compile(r"[.!?\n]")


def instruction_starts(text: str) -> tuple[int, ...]:
    """Where words to the marker begin within a sentence that was left without its full stop."""
    openers = (m.start() for m in _OPENER.finditer(text))
    return tuple(start for start in openers if is_instruction(_STOP.split(text[start:], maxsplit=1)[0]))
