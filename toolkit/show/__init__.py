"""Showing: from results to pages, slides and exhibits, every piece of client text escaped."""

from contextlib import chdir
from pathlib import Path

# When it is loaded, matplotlib takes its settings from a matplotlibrc of the working directory, whoever put it there.
with chdir(Path(__file__).parent):
    from toolkit.show.assessment_story import AssessmentStory
    from toolkit.show.closing_story import ClosingStory
    from toolkit.show.review_story import ReviewStory
    from toolkit.show.roadmap_story import RoadmapStory
    from toolkit.show.scorecard_story import ScorecardStory
    from toolkit.show.status_story import StatusStory

__all__ = ["AssessmentStory", "ClosingStory", "ReviewStory", "RoadmapStory", "ScorecardStory", "StatusStory"]
