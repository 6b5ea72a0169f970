"""Clients with one closed round of the pulse, both sides by an agreed position, so that their figures are plain to see."""

from __future__ import annotations

from pathlib import Path

QUESTIONS = (
    "communication-1", "priorities-1", "understanding-1", "resources-1", "delayed-projects-1", "morale-1",
)  # fmt: skip


def surveyed(
    clients: Path,
    slug: str,
    score: int,
    sector: str = "",
    consent: str = "Dana Whitfield, COO",
    extra: str = "",
) -> Path:
    """Write a client that scored this everywhere, on both sides; one that agreed unless ``consent`` is empty."""
    folder = clients / slug
    folder.mkdir(parents=True, exist_ok=True)
    agreed = f'  benchmark_consent: "{consent}"\n' if consent else ""
    of = f"  sector: {sector}\n" if sector else ""
    (folder / "client.yaml").write_text(
        f"schema_version: 1\nprofile:\n  name: {slug.title()} Holding\n{of}{agreed}{extra}"
        "rounds:\n- id: r1\n  as_of: 2027-01-31\n  closed: 2027-01-31\n  questionnaire: pulse\n  groups:\n"
        "  - {group: business, mode: consensus, invited: 3}\n  - {group: it, mode: consensus, invited: 2}\n",
        encoding="utf-8",
    )
    rows = [
        f"r1,{group},{group},{question},{score}," for group in ("business", "it") for question in QUESTIONS
    ]
    header = "round,respondent,group,question,score,comment"
    (folder / "responses.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return folder


def withdraw(clients: Path, slug: str) -> None:
    """Take a client's consent back."""
    path = clients / slug / "client.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "benchmark_consent" not in line), encoding="utf-8")
