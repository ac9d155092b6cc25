"""Fieldray's training pipeline: from a folder of radiographs to the served model."""
