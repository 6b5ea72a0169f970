"""Each way in which a record can be wrong, and the four things its fault must say."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from toolkit.client.store import read_record
from toolkit.errors import Fault, InputError

C, Q = "client.yaml", "questionnaire.yaml"
I, D, A = "initiatives.csv", "decisions.csv", "actions.csv"  # noqa: E741
R, G = "responses.csv", "aggregates.csv"
S, E = "services.csv", "assets.csv"


@dataclass(frozen=True)
class Damage:
    """One edit of a good record, and key words of each part of the fault it must give.

    ``old`` None replaces the whole file by ``new``.
    """

    file: str
    old: bytes | None
    new: bytes
    where: str
    found: str
    allowed: str
    remedy: str


CASES = {
    # client.yaml as a file
    "empty_yaml": Damage(C, None, b"", "client.yaml", "empty file", "name: value", "Restore"),
    "yaml_is_a_list": Damage(C, None, b"- a\n- b\n", "client.yaml", "list of 2", "name: value", "Restore"),
    "yaml_not_utf8": Damage(
        C, b"Base Works", b"B\xe4se", "client.yaml, line 4", "0xE4", "UTF-8", "save it as UTF-8"
    ),
    "yaml_tab": Damage(
        C, b"  name: Base Works", b"\tname: Base Works", "client.yaml, line 4", "name: Base", "spaces", "tab"
    ),
    "yaml_open_quote": Damage(
        C, b"name: Base Works", b'name: "Base Works', "client.yaml, line", "", "name: value", "quotation"
    ),
    "yaml_open_bracket": Damage(
        C,
        b"{year: 2026, run: 700000, grow: 100000}",
        b"{year: 2026, run: 7",
        "client.yaml, line",
        "",
        "name: value",
        "",
    ),
    "yaml_name_twice": Damage(
        C,
        b"  currency: EUR",
        b"  currency: EUR\n  currency: USD",
        "lines 5 and 6",
        "'currency' twice",
        "once",
        "Keep one",
    ),
    "yaml_anchor": Damage(
        C, b"Base Works", b"&x Base", "client.yaml, line 4", "'x'", "plain values", "quotation"
    ),
    "yaml_alias": Damage(C, b"Base Works", b"*x", "client.yaml, line 4", "'x'", "plain values", "quotation"),
    "yaml_tag": Damage(
        C,
        b"Base Works",
        b"!!python/name:os.system",
        "client.yaml, line 4",
        "os.system",
        "plain values",
        "tag",
    ),
    "yaml_two_documents": Damage(
        C, b"goals:", b"---\ngoals:", "client.yaml, line 7", "second document", "one document", "---"
    ),
    "yaml_nested_too_deep": Damage(
        C,
        b"Base Works",
        b"[" * 30 + b"]" * 30,
        "client.yaml, line 4",
        "lists within lists",
        "20 levels",
        "brackets",
    ),
    "yaml_control_character": Damage(
        C, b"Base Works", b"Base\x07Works", "client.yaml, line 4", "U+0007", "control characters", "retype"
    ),
    "yaml_too_large": Damage(
        C, None, b"#" * 5_000_001, "client.yaml", "5,000,001", "5,000,000 bytes", "Move"
    ),
    # client.yaml, its fields
    "unknown_field": Damage(
        C,
        b"employees",
        b"employes",
        "profile, field employes",
        "employes",
        "employees",
        "Did you mean 'employees'",
    ),
    "missing_name": Damage(
        C, b"  name: Base Works\n", b"", "client.yaml, profile, field name", "nothing", "required", "Add name"
    ),
    "negative_employees": Damage(
        C,
        b"employees: 120",
        b"employees: -1",
        "profile, field employees",
        "-1",
        "1 to 10,000,000",
        "1 or more",
    ),
    "currency": Damage(C, b"EUR", b"euro", "field currency", "euro", "three capital letters", "EUR"),
    "weight_above_100": Damage(
        C,
        b"weight: 60",
        b"weight: 160",
        "goals, entry 1 (g-growth), field weight",
        "160",
        "0 to 100",
        "100 or less",
    ),
    "weight_no_number": Damage(
        C,
        b"weight: 60",
        b"weight: most",
        "entry 1 (g-growth), field weight",
        "most",
        "points, 0 to 100",
        "100 points",
    ),
    "weight_is_true": Damage(
        C, b"weight: 60", b"weight: true", "field weight", "true", "points", "100 points"
    ),
    "id_with_space": Damage(
        C, b"id: r-erp", b"id: r erp", "risks, entry 1", "r erp", "64 letters", "without spaces"
    ),
    "id_is_a_number": Damage(
        C, b"id: t-1", b"id: 7", "themes, entry 1 (7), field id", "7", "an id", "quotation marks"
    ),
    "severity_in_percent": Damage(
        C,
        b"severity: 0.7",
        b"severity: 70",
        "risks, entry 1 (r-erp), field severity",
        "70",
        "0 to 1",
        "0.1 for 10 %",
    ),
    "risk_kind": Damage(
        C,
        b"kind: end-of-life",
        b"kind: end of life",
        "field kind",
        "end of life",
        "end-of-life",
        "Did you mean",
    ),
    "date_that_does_not_exist": Damage(
        C,
        b"due: 2028-06-30",
        b"due: 2028-06-31",
        "risks, entry 1 (r-erp), field due",
        "2028-06-31",
        "exists",
        "2027-01-31",
    ),
    "date_as_number": Damage(
        C, b"due: 2028-06-30", b"due: 20280630", "field due", "20280630", "a date", "2027-01-31"
    ),
    "date_far_away": Damage(
        C,
        b"due: 2028-06-30",
        b"due: 2928-06-30",
        "field due",
        "2928-06-30",
        "1990-01-01 to 2100-12-31",
        "2100-12-31 or less",
    ),
    "unknown_symptom": Damage(
        C,
        b"symptom: morale",
        b"symptom: moral",
        "impact, entry 2 (i-idle), field symptom",
        "moral",
        "shadow-it",
        "'morale'",
    ),
    "unknown_area_in_targets": Damage(
        C, b"communication: 4", b"comunication: 4", "targets", "comunication", "nine areas", "'communication'"
    ),
    "target_level_6": Damage(
        C,
        b"communication: 4",
        b"communication: 6",
        "targets, field communication",
        "6",
        "1 to 5",
        "5 or less",
    ),
    "minimum_below_three": Damage(
        C,
        b"invited: 6,",
        b"invited: 6, minimum: 2,",
        "groups, entry 1 (business), field minimum",
        "2",
        "3 to 1,000",
        "3 or more",
    ),
    "unknown_group": Damage(
        C,
        b"group: provider",
        b"group: vendor",
        "rounds, entry 1 (y2026), groups, entry 3",
        "vendor",
        "provider",
        "Write one",
    ),
    "quarter_misspelt": Damage(
        C, b"start: 2027-Q1", b"start: Q1/2027", "planning, field start", "Q1/2027", "quarter", "2027-Q1"
    ),
    "goals_not_a_list": Damage(
        C,
        b"spend:\n  - {year: 2026, run: 700000, grow: 100000}",
        b"spend: {year: 2026}",
        "field spend",
        "group of 1",
        "a list",
        "'- '",
    ),
    "reading_not_a_number": Damage(
        C,
        b"value: 12}",
        b"value: n/a}",
        "kpis, entry 1 (k-orders), readings, entry 2 (2026-12-31), field value",
        "n/a",
        "number",
        "digits",
    ),
    "name_too_long": Damage(
        C, b"Base Works", b"B" * 601, "profile, field name", "601 characters", "1 to 600", "Shorten it to 600"
    ),
    "text_where_a_group_belongs": Damage(
        C,
        b"planning: {start: 2027-Q1, quarters: 8}",
        b"planning: soon",
        "field planning",
        "soon",
        "start, quarters",
        "indented",
    ),
    "schema_version": Damage(
        C, b"schema_version: 1", b"schema_version: 2", "field schema_version", "2", "one of: 1", "exactly"
    ),
    "synthetic_neither": Damage(
        C, b"synthetic: true", b"synthetic: maybe", "field synthetic", "maybe", "true or false", "true or"
    ),
    # client.yaml, the deck
    "slide_that_does_not_exist": Damage(
        C,
        b"adjustments:",
        b"deck: {leave_out: [need]}\nadjustments:",
        "deck, leave_out, entry 1",
        "need",
        "one of: cover, decisions",
        "'needs'",
    ),
    "cover_left_out": Damage(
        C,
        b"adjustments:",
        b"deck: {leave_out: [spend, cover]}\nadjustments:",
        "deck, field leave_out",
        "cover",
        "slides other than",
        "Take cover out",
    ),
    "decisions_left_out": Damage(
        C,
        b"adjustments:",
        b"deck: {leave_out: [decisions]}\nadjustments:",
        "deck, field leave_out",
        "decisions",
        "ask for the decisions",
        "leadership has to see it",
    ),
    "last_decisions_left_out": Damage(
        C,
        b"adjustments:",
        b"deck: {leave_out: [first]}\nadjustments:",
        "deck, field leave_out",
        "first",
        "ask for the decisions",
        "Take first out",
    ),
    "what_is_not_known_left_out": Damage(
        C,
        b"adjustments:",
        b"deck: {leave_out: [gaps]}\nadjustments:",
        "deck, field leave_out",
        "gaps",
        "what is not known",
        "Take gaps out",
    ),
    "cover_moved": Damage(
        C,
        b"adjustments:",
        b"deck: {order: [money, cover]}\nadjustments:",
        "deck, field order",
        "cover",
        "stands first",
        "Take cover out",
    ),
    "last_decisions_moved": Damage(
        C,
        b"adjustments:",
        b"deck: {order: [first]}\nadjustments:",
        "deck, field order",
        "first",
        "ends the main part",
        "Take first out",
    ),
    "moved_and_left_out": Damage(
        C,
        b"adjustments:",
        b"deck: {order: [needs], leave_out: [needs]}\nadjustments:",
        "deck, field order",
        "leave_out leaves out",
        "slides that are shown",
        "one of the two",
    ),
    "moved_twice": Damage(
        C,
        b"adjustments:",
        b"deck: {order: [needs, plan, needs]}\nadjustments:",
        "deck, field order",
        "needs, 2 times",
        "each slide once",
        "Keep it where",
    ),
    "own_slide_without_place": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, text: b}]}\nadjustments:",
        "deck, own, entry 1, field after",
        "nothing",
        "one of: cover",
        "Add after",
    ),
    "own_slide_behind_none": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, text: b, after: risk}]}\nadjustments:",
        "deck, own, entry 1, field after",
        "risk",
        "one of: cover",
        "'risks'",
    ),
    "own_slide_that_shows_nothing": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks}]}\nadjustments:",
        "deck, own, entry 1, field text",
        "no picture",
        "a text, a picture, or both",
        "Write one",
    ),
    "own_slide_twice": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, text: b}, {title: A, after: plan, text: c}]}\nadjustments:",
        "deck, own, entry 2, field title",
        "also stands in",
        "each title once",
        "Remove one",
    ),
    "title_of_106_characters": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT, after: risks, text: b}]}\nadjustments:",
        "deck, own, entry 1, field title",
        "106 characters",
        "1 to 105 characters",
        "Shorten it to 105",
    ),
    "too_many_words": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, text: one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten one two three four five six seven eight nine ten}]}\nadjustments:",
        "deck, own, entry 1, field text",
        "230 words",
        "at most 220 words on a slide",
        "two slides",
    ),
    "too_many_lines": Damage(
        C,
        b"adjustments:",
        b'deck: {own: [{title: A, after: risks, text: "- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n- a\\n"}]}\nadjustments:',
        "deck, own, entry 1, field text",
        "38 lines",
        "at most 21 lines on a slide",
        "two slides",
    ),
    "picture_outside_its_folder": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, picture: ../other/a.png, alt: b}]}\nadjustments:",
        "deck, own, entry 1, field picture",
        "../other/a.png",
        "folder slides",
        "Put the picture into",
    ),
    "picture_of_another_kind": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, picture: slides/a.svg, alt: b}]}\nadjustments:",
        "deck, own, entry 1, field picture",
        "slides/a.svg",
        "PNG or JPEG",
        "Put the picture into",
    ),
    "picture_that_is_not_there": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, picture: slides/a.png, alt: b}]}\nadjustments:",
        "deck, own, entry 1, field picture",
        "not there",
        "the client's folder",
        "correct the name",
    ),
    "picture_without_description": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: A, after: risks, text: b, picture: slides/a.png}]}\nadjustments:",
        "deck, own, entry 1, field alt",
        "beside a picture",
        "what the picture shows",
        "cannot see the picture",
    ),
    "thirteen_own_slides": Damage(
        C,
        b"adjustments:",
        b"deck: {own: [{title: T0, after: risks, text: b}, {title: T1, after: risks, text: b}, {title: T2, after: risks, text: b}, {title: T3, after: risks, text: b}, {title: T4, after: risks, text: b}, {title: T5, after: risks, text: b}, {title: T6, after: risks, text: b}, {title: T7, after: risks, text: b}, {title: T8, after: risks, text: b}, {title: T9, after: risks, text: b}, {title: T10, after: risks, text: b}, {title: T11, after: risks, text: b}, {title: T12, after: risks, text: b}]}\nadjustments:",
        "deck, field own",
        "a list of 13",
        "at most 12 slides",
        "title:",
    ),
    # client.yaml, contradictions
    "two_goals_with_one_id": Damage(
        C,
        b"id: g-cost",
        b"id: g-growth",
        "goals, entry 2 (g-growth), field id",
        "also stands in",
        "each goal id once",
        "Remove one",
    ),
    "round_twice": Damage(
        C, b"id: y2025", b"id: y2026", "rounds, entry 2 (y2026)", "y2026", "each round id once", "Remove"
    ),
    "budget_year_twice": Damage(
        C,
        b"  - {year: 2027, amount: 500000, reserve: 0.1}",
        b"  - {year: 2027, amount: 5}\n  - {year: 2027, amount: 6}",
        "budget, entry 2 (2027), field year",
        "2027",
        "each year once",
        "Remove",
    ),
    "capacity_twice": Damage(
        C,
        b", quarter: 2027-Q3",
        b"",
        "capacity, entry 2 (developer)",
        "developer, no quarter",
        "role and quarter once",
        "Remove",
    ),
    "group_twice": Damage(
        C,
        b"group: provider",
        b"group: it",
        "rounds, entry 1 (y2026), groups, entry 3",
        "'it'",
        "each group once",
        "Remove",
    ),
    "reading_twice": Damage(
        C,
        b"date: 2026-12-31, value",
        b"date: 2026-06-30, value",
        "kpis, entry 1 (k-orders), readings, entry 2",
        "2026-06-30",
        "each date once",
        "Remove",
    ),
    "dangling_kpi": Damage(
        C,
        b"kpi: k-orders,",
        b"kpi: k-order,",
        "goals, entry 1 (g-growth), field kpi",
        "k-order",
        "k-orders",
        "Did you mean 'k-orders'",
    ),
    "dangling_theme_round": Damage(
        C,
        b"round: y2026}\ntargets",
        b"round: y1999}\ntargets",
        "themes, entry 1 (t-1), field round",
        "y1999",
        "y2026, y2025",
        "Correct the id",
    ),
    "dangling_overlap": Damage(
        C,
        b"overlaps: [i-idle]",
        b"overlaps: [i-gone]",
        "impact, entry 1 (i-late), field overlaps",
        "i-gone",
        "i-late, i-idle",
        "remove the reference",
    ),
    "overlap_with_itself": Damage(
        C,
        b"overlaps: [i-idle]",
        b"overlaps: [i-late]",
        "field overlaps",
        "i-late",
        "other business impacts",
        "own id",
    ),
    "dangling_priority": Damage(
        C,
        b"g-cost: 1.8",
        b"g-costs: 1.8",
        "entry 1 (business), field priorities",
        "g-costs",
        "g-growth, g-cost",
        "Did you mean 'g-cost'",
    ),
    "weights_not_100": Damage(
        C, b"weight: 40", b"weight: 30", "goals, field weight", "90", "add up to 100", "Spread"
    ),
    "weights_for_some": Damage(
        C,
        b", weight: 40",
        b"",
        "goals, entry 2 (g-cost), field weight",
        "nothing",
        "every goal",
        "Ask leadership",
    ),
    "impact_out_of_order": Damage(
        C,
        b"low: 10, likely: 20",
        b"low: 25, likely: 20",
        "impact, entry 1 (i-late)",
        "low 25, likely 20",
        "low ≤ likely ≤ high",
        "in order",
    ),
    "target_against_better": Damage(
        C,
        b"better: higher",
        b"better: lower",
        "kpis, entry 1 (k-orders), field target",
        "better: lower",
        "below the baseline",
        "better",
    ),
    "no_round": Damage(
        C,
        None,
        b"profile: {name: X}\n",
        "client.yaml, field rounds",
        "nothing",
        "at least one round",
        "as_of",
    ),
    "survey_of_four": Damage(
        C,
        b"invited: 8",
        b"invited: 4, mode: survey",
        "groups, entry 1 (business), field invited",
        "4 invited",
        "at least 5",
        "never below 3",
    ),
    "consensus_of_one": Damage(
        C, b"invited: 3", b"invited: 1", "entry 2 (it), field invited", "1 invited", "at least 2", "named"
    ),
    "named_two": Damage(
        C,
        b"named, invited: 1",
        b"named, invited: 2",
        "entry 3 (provider), field invited",
        "2 invited",
        "exactly 1",
        "consensus",
    ),
    "adjusted_score_of_nothing": Damage(
        C,
        b"subject: communication",
        b"subject: comms",
        "adjustments, entry 1 (a-1), field subject",
        "comms",
        "communication",
        "Correct the id",
    ),
    "adjusted_score_6": Damage(
        C,
        b"business, value: 3",
        b"business, value: 6",
        "adjustments, entry 1 (a-1), field value",
        "6",
        "1 to 5",
        "score",
    ),
    "dangling_adjustment_round": Damage(
        C,
        b"id: a-1, round: y2026",
        b"id: a-1, round: y2027",
        "adjustments, entry 1 (a-1), field round",
        "y2027",
        "y2026",
        "Did you mean",
    ),
    # the client's questionnaire
    "question_twice": Damage(
        Q, b"id: q-late", b"id: q-why", "questionnaire.yaml", "", "each question id once", "id of its own"
    ),
    "need_without_aspect": Damage(
        Q,
        b"dimension: communication",
        b"dimension: growth",
        "questionnaire.yaml, questions, entry 1 (q-why)",
        "",
        "importance",
        "aspect: importance",
    ),
    "four_anchors": Damage(
        Q,
        b"text: We know why.",
        b"text: We know why., anchors: [a, b, c, d]",
        "questions, entry 1 (q-why)",
        "",
        "five",
        "five anchors",
    ),
    # tables as files
    "empty_csv": Damage(
        I, None, b"", "initiatives.csv", "empty file", "header row: id, name", "Delete the file"
    ),
    "csv_utf16": Damage(
        I, None, "id,name\n".encode("utf-16"), "initiatives.csv", "UTF-16", "UTF-8", "CSV UTF-8"
    ),
    "csv_latin1": Damage(I, b"ERP,", b"\xc9RP,", "initiatives.csv, line 3", "0xC9", "UTF-8", "CSV UTF-8"),
    "csv_nul": Damage(I, b"ERP,", b"E\0RP,", "initiatives.csv, line 3", "NUL", "UTF-8", "damaged"),
    "csv_open_quote": Damage(
        I,
        b"data,Data",
        b'data,"Data',
        "initiatives.csv, row 4",
        "quotation mark",
        "in pairs",
        "Close the quotation mark",
    ),
    "csv_truncated": Damage(
        I,
        b"data,Data,,1,50000,,g-growth: 1,,crm; erp,,,,,\n",
        b"data,Da",
        "initiatives.csv, row 4",
        "2 cells",
        "14 cells",
        "cut off",
    ),
    "csv_missing_column": Damage(
        D,
        b"id,round,date,subject,decision,quarter",
        b"id,round,date,subject,choice,quarter",
        "decisions.csv, row 1, column decision",
        "no such column",
        "approve",
        "Add the column 'decision'",
    ),
    "csv_unknown_column": Damage(
        I,
        b"id,name,status,duration",
        b"id,name,status,durations",
        "initiatives.csv, row 1, column durations",
        "durations",
        "duration",
        "Did you mean 'duration'",
    ),
    "csv_column_twice": Damage(
        A,
        b"status,done_on",
        b"status,status",
        "actions.csv, row 1, column status",
        "'status' twice",
        "once",
        "Keep one",
    ),
    # cells
    "negative_cost": Damage(
        I,
        b",200000,",
        b",-200000,",
        "initiatives.csv, row 2, column capex",
        "-200000",
        "in the client's currency",
        "0 or more",
    ),
    "cost_with_separators": Damage(
        I, b",200000,", b',"200,000",', "row 2, column capex", "200,000", "an amount", "thousands separators"
    ),
    "duration_zero": Damage(
        I, b"progress,2,", b"progress,0,", "row 2, column duration", "0", "1 to 40", "1 or more"
    ),
    "duration_half": Damage(
        I,
        b"proposed,3,",
        b"proposed,2.5,",
        "row 3, column duration",
        "2.5",
        "whole number of quarters",
        "quarters",
    ),
    "status_unknown": Damage(
        I, b"proposed", b"propsed", "row 3, column status", "propsed", "in progress, done", "'proposed'"
    ),
    "contribution_4": Damage(
        I, b"g-growth: 3", b"g-growth: 4", "row 2, column goals, g-growth", "4", "0 to 3", "3 or less"
    ),
    "goals_without_number": Damage(
        I, b"g-cost: 2", b"g-cost", "row 3, column goals", "g-cost", "name: 1; other: 2", "name: number"
    ),
    "score_6": Damage(
        R,
        b"b2,business,q-why,2",
        b"b2,business,q-why,6",
        "responses.csv, row 4, column score",
        "6",
        "1 to 5",
        "5 or less",
    ),
    "score_zero": Damage(
        R,
        b"b2,business,q-why,2",
        b"b2,business,q-why,0",
        "row 4, column score",
        "0",
        "a score, 1 to 5",
        "don't know",
    ),
    "respondent_is_an_address": Damage(
        R,
        b"b5,business,q-why",
        b"eve@x.org,business,q-why",
        "column respondent",
        "eve@x.org",
        "an id",
        "short id",
    ),
    "respondent_missing": Damage(
        R,
        b"b1,business,q-why",
        b",business,q-why",
        "row 2, column respondent",
        "nothing",
        "required",
        "Add respondent",
    ),
    "count_negative": Damage(
        G,
        b"q-why,0,1,3",
        b"q-why,0,-1,3",
        "aggregates.csv, row 2, column count_2",
        "-1",
        "number of answers",
        "0 or more",
    ),
    # contradictions of the work
    "initiative_twice": Damage(
        I,
        b"\ndata,",
        b"\nerp,",
        "initiatives.csv, row 4, column id",
        "which also stands in initiatives.csv, row 3",
        "initiative id once",
        "Remove",
    ),
    "dangling_goal": Damage(
        I, b"g-cost: 2", b"g-costs: 2", "row 3, column goals", "g-costs", "client.yaml, goals", "'g-cost'"
    ),
    "dangling_dependency": Damage(
        I, b"crm; erp", b"crm; epr", "row 4, column depends_on", "epr", "initiatives.csv", "'erp'"
    ),
    "dangling_risk": Damage(
        I, b",r-erp,", b",r-epr,", "row 3, column settles", "r-epr", "client.yaml, risks", "'r-erp'"
    ),
    "practice_unknown": Damage(
        I,
        b",roadmap\n",
        b",roadmaps\n",
        "row 2, column practices",
        "roadmaps",
        "open-communication",
        "'roadmap'",
    ),
    "role_unknown": Damage(
        I,
        b"developer: 3",
        b"devloper: 3",
        "row 3, column fte",
        "devloper",
        "developer, architect",
        "'developer'",
    ),
    "depends_on_itself": Damage(
        I, b",crm; erp,", b",data,", "row 4, column depends_on", "itself", "other initiatives", "own id"
    ),
    "circular_dependency": Damage(
        I,
        b"architect: 0.5,,",
        b"architect: 0.5,data,",
        "initiatives.csv, row 2, column depends_on",
        "crm → data → erp → crm",
        "beginning",
        "Remove one",
    ),
    "profile_of_wrong_length": Damage(
        I,
        b"0.5; 0.5",
        b"0.5; 0.3; 0.2",
        "row 2, column capex_profile",
        "3 shares for 2 quarters",
        "each quarter",
        "spread capex evenly",
    ),
    "profile_not_one": Damage(
        I, b"0.5; 0.5", b"0.5; 0.4", "row 2, column capex_profile", "0.9", "add up to 1", "Correct the shares"
    ),
    "start_of_a_proposal": Damage(
        I, b"in progress", b"proposed", "row 2, column start", "2026-Q4", "has begun", "earliest_start"
    ),
    "earliest_after_deadline": Damage(
        I,
        b"2027-Q2,2028-Q2",
        b"2028-Q3,2028-Q2",
        "row 3, column earliest_start",
        "2028-Q3",
        "2028-Q2",
        "Correct",
    ),
    "cannot_end_by_deadline": Damage(
        I,
        b"2027-Q2,2028-Q2",
        b"2028-Q1,2028-Q2",
        "row 3, column duration",
        "end in 2028-Q3",
        "2028-Q2",
        "Shorten",
    ),
    "dangling_decision_round": Damage(
        D,
        b"d-1,y2026",
        b"d-1,y2024",
        "decisions.csv, row 2, column round",
        "y2024",
        "y2026, y2025",
        "Correct the id",
    ),
    "dangling_decision_subject": Damage(
        D,
        b",erp,approve",
        b",epr,approve",
        "decisions.csv, row 2, column subject",
        "epr",
        "initiative or risk",
        "'erp'",
    ),
    "pin_without_quarter": Damage(
        D, b"pin,2028-Q1", b"pin,", "decisions.csv, row 5, column quarter", "nothing", "2027-Q1", "approve"
    ),
    "dangling_action_initiative": Damage(
        A,
        b"2027-01-20,erp",
        b"2027-01-20,erp2",
        "actions.csv, row 2, column initiative",
        "erp2",
        "initiatives.csv",
        "'erp'",
    ),
    "done_on_while_open": Damage(
        A,
        b"done,2027-01-20",
        b"open,2027-01-20",
        "actions.csv, row 2, column done_on",
        "status is open",
        "done",
        "empty done_on",
    ),
    # services.csv, assets.csv
    "notice_after_renewal": Damage(
        S,
        None,
        b"id,name,renewal,notice\ns,S,2027-03-31,2027-04-01\n",
        "services.csv, row 2, column notice",
        "2027-04-01",
        "no later than renewal",
        "Correct one",
    ),
    "two_notices": Damage(
        S,
        None,
        b"id,name,renewal,notice_days,notice\ns,S,2027-03-31,30,2027-02-28\n",
        "services.csv, row 2, column notice",
        "30 days before 2027-03-31 is 2027-03-01",
        "last day to give notice",
        "Empty notice or notice_days",
    ),
    "price_rise_in_per_cent": Damage(
        S,
        None,
        b"id,name,price_rise\ns,S,5\n",
        "services.csv, row 2, column price_rise",
        "5",
        "a share, 0 to 1",
        "0.1 for 10 %",
    ),
    "dangling_retired_by": Damage(
        S,
        None,
        b"id,name,retired_by\ns,S,epr\n",
        "services.csv, row 2, column retired_by",
        "epr",
        "initiatives.csv",
        "'erp'",
    ),
    "none_of_an_asset": Damage(
        E,
        None,
        b"id,name,number\nx,X,0\n",
        "assets.csv, row 2, column number",
        "0",
        "1 to 10,000,000",
        "leave it empty",
    ),
    "ends_before_bought": Damage(
        E,
        None,
        b"id,name,bought,end_of_life\nx,X,2027-03-31,2027-03-30\n",
        "assets.csv, row 2, column end_of_life",
        "2027-03-30",
        "no earlier than bought",
        "Correct one",
    ),
    # contradictions of the answers
    "answer_twice": Damage(
        R,
        b"b1,business,q-late",
        b"b1,business,q-why",
        "responses.csv, row 3, column question",
        "b1, q-why",
        "once",
        "Remove",
    ),
    "respondent_in_two_groups": Damage(
        R,
        b"b1,business,q-late",
        b"b1,it,q-late",
        "responses.csv, row 3, column group",
        "b1 in it, and in business",
        "one group",
        "code of their own",
    ),
    "two_voices_in_consensus": Damage(
        R,
        b"team,it,q-late",
        b"team2,it,q-late",
        "responses.csv, row 13, column respondent",
        "team, team2",
        "consensus",
        "correct the mode",
    ),
    "dangling_response_round": Damage(
        R,
        b"y2026,b1,business,q-why",
        b"y2026x,b1,business,q-why",
        "row 2, column round",
        "y2026x",
        "y2026",
        "Did you mean",
    ),
    "dangling_question": Damage(
        R,
        b"b1,business,q-why",
        b"b1,business,q-wy",
        "row 2, column question",
        "q-wy",
        "questionnaire 'own'",
        "'q-why'",
    ),
    "group_not_in_round": Damage(
        G,
        b"business,q-why",
        b"it,q-why",
        "aggregates.csv, row 2, column group",
        "it",
        "y2025, groups: business",
        "add the group",
    ),
    "counted_twice": Damage(
        G, b"q-late", b"q-why", "aggregates.csv, row 3, column question", "q-why", "once", "Remove"
    ),
    "more_counted_than_invited": Damage(
        G,
        b"0,1,3,2,0",
        b"0,1,3,2,5",
        "aggregates.csv, row 2, column group",
        "11 answered",
        "8",
        "Correct invited",
    ),
    "single_answers_and_counts": Damage(
        G,
        b"y2025,business,q-why",
        b"y2026,business,q-why",
        "aggregates.csv, row 2, column group",
        "also has answers",
        "either",
        "Keep",
    ),
    "answers_without_questionnaire": Damage(
        C,
        b"as_of: 2025-12-31\n    questionnaire: own",
        b"as_of: 2025-12-31",
        "aggregates.csv, row 2, column round",
        "no questionnaire",
        "full",
        "questionnaire: full",
    ),
}


def faults_after(files: dict[str, bytes], damage: Damage) -> tuple[Fault, ...]:
    if damage.old is None:
        changed = damage.new
    else:
        assert files[damage.file].count(damage.old) >= 1, "the edit must touch something"
        changed = files[damage.file].replace(damage.old, damage.new, 1)
    with pytest.raises(InputError) as caught:
        read_record("base", {**files, damage.file: changed})
    return caught.value.faults


def answer(row: bytes) -> bytes:
    """Return decisions.csv with one row that answers an ask."""
    return b"id,round,date,subject,decision,quarter,ask,amount\n" + row + b"\n"


CASES |= {
    "answer_deferred_to_no_quarter": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,defer,,approve.chosen-work,"), "decisions.csv, row 2, column quarter",
        "approve.chosen-work is answered by defer", "such as 2027-Q1", "reject",
    ),
    "answer_deferred_to_a_quarter_begun": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,defer,2027-Q1,approve.chosen-work,"),
        "decisions.csv, row 2, column quarter", "2027-Q1, which began by 2027-01-15", "begins after the day", "2027-Q2",
    ),
    "answer_rejected_until_a_quarter": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,reject,2027-Q3,approve.chosen-work,"),
        "decisions.csv, row 2, column quarter", "answered by reject", "only for what is approved", "Empty",
    ),
    "answer_accepts_what_is_no_risk": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,accept risk,,risk.erp,"), "decisions.csv, row 2, column subject",
        "erp, while risk.erp is answered by accept risk", "a risk", "Correct the subject",
    ),
    "answer_to_no_ask": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,approve,,approve the work,"), "decisions.csv, row 2, column ask",
        "approve the work", "the id of a decision that was asked for", "roadmap.xlsx",
    ),
    "answer_with_no_amount": Damage(
        D, None, answer(b"d-1,y2026,2027-01-15,erp,approve,,approve.chosen-work,much"), "decisions.csv, row 2, column amount",
        "much", "an amount in the client's currency", "digits only",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_fault_says_where_what_was_found_what_is_allowed_and_what_to_do(
    files: dict[str, bytes], name: str
) -> None:
    """Every damaged record gives a fault that names the place, the value, the limit and the way out."""
    damage = CASES[name]
    faults = faults_after(files, damage)
    hits = [
        fault
        for fault in faults
        if damage.where in fault.where
        and damage.found in fault.found
        and damage.allowed in fault.allowed
        and damage.remedy in fault.remedy
    ]
    assert hits, "\n".join(str(fault) for fault in faults)


@pytest.mark.parametrize("name", CASES)
def test_no_fault_is_generic_or_speaks_of_the_machinery(files: dict[str, bytes], name: str) -> None:
    """No part of a fault is empty, a web address, or the vocabulary of the library that found it."""
    for fault in faults_after(files, CASES[name]):
        for part in (fault.where, fault.found, fault.allowed, fault.remedy):
            assert part.strip()
            lowered = part.lower()
            for word in (
                "pydantic",
                "http",
                "validation",
                "input should",
                "tuple",
                "dict",
                "none is not",
                "traceback",
            ):
                assert word not in lowered
            assert "another kind" not in lowered
        assert len(fault.remedy.split()) >= 3
        assert str(fault).count("\n") == 3


@pytest.mark.parametrize(
    "name", sorted(set(CASES) - {"no_round", "empty_yaml", "yaml_is_a_list", "answers_without_questionnaire"})
)
def test_one_fault_does_not_cascade(files: dict[str, bytes], name: str) -> None:
    """One edit gives few faults: what could not be read is not then also called unknown elsewhere."""
    assert len(faults_after(files, CASES[name])) <= 4


def test_an_unreadable_client_file_silences_what_depends_on_it(files: dict[str, bytes]) -> None:
    """With client.yaml unreadable, no goal, risk, round or role of the tables is called unknown."""
    faults = faults_after(files, CASES["yaml_open_bracket"])
    assert [fault.where.split(",")[0] for fault in faults] == ["client.yaml"]


def test_all_faults_are_reported_at_once(files: dict[str, bytes]) -> None:
    """Faults of several files and of several kinds come in one error, each once."""
    some = [
        "negative_cost",
        "score_6",
        "weights_not_100",
        "count_negative",
        "pin_without_quarter",
        "done_on_while_open",
    ]
    for name in some:
        case = CASES[name]
        assert case.old is not None
        files[case.file] = files[case.file].replace(case.old, case.new, 1)
    with pytest.raises(InputError) as caught:
        read_record("base", files)
    for name in some:
        assert sum(CASES[name].where in fault.where for fault in caught.value.faults) == 1, name
    assert len(caught.value.faults) == len(some)


def test_every_circle_is_named(files: dict[str, bytes]) -> None:
    """Two separate circles are both reported, each once and each from its first row."""
    files[I] = b"id,name,depends_on\na,A,b\nb,B,c\nc,C,a\nd,D,e\ne,E,d\nf,F,a\n"
    files[D], files[A] = b"id,round,date,subject,decision\n", b"id,round,action\n"
    with pytest.raises(InputError) as caught:
        read_record("base", files)
    assert [fault.found for fault in caught.value.faults] == [
        "a circular dependency: a → b → c → a",
        "a circular dependency: d → e → d",
    ]


def test_hostile_text_is_shown_harmlessly(files: dict[str, bytes]) -> None:
    """Escape sequences and direction overrides in a bad value are made visible in the error text."""
    files[I] = files[I].replace(b"proposed", "\u202e\x1b[31mevil".encode(), 1)
    with pytest.raises(InputError) as caught:
        read_record("base", files)
    text = str(caught.value)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\x1b[31mevil" in text


def test_the_table_holds_at_least_45_distinct_faults() -> None:
    """The table is long enough to stand for the ways in which a record goes wrong."""
    assert len({(case.where, case.found, case.allowed) for case in CASES.values()}) >= 45
