"""How the model is made: corpus, encoders, classifier, judges, figures, card."""
