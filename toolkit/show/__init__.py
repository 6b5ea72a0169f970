"""Showing: from results to pages, slides and exhibits, every piece of client text escaped."""

from toolkit.show.assessment_story import AssessmentStory
from toolkit.show.roadmap_story import RoadmapStory

__all__ = ["AssessmentStory", "RoadmapStory"]
