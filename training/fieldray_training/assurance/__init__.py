"""What fills the manifest's `assurance` section (src/model/manifest/assurance.ts): gate, probes, priors, sets, curves, lungs."""
