"""The class order every part of Fieldray shares."""

LABELS = ("COVID", "Lung_Opacity", "Normal", "Viral Pneumonia")
MODEL_SIZE = 224
LOW_RESOLUTION = 128


class TrainingFault(Exception):
    """An error a person can act on: what happened, and what to do."""
