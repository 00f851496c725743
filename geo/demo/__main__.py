"""`python -m geo.demo` writes `data/demo/truth.json` anew, after any change of the plan or the default layer."""

from geo.demo.batches import TRUTH_FILE, generate, write_truth

write_truth(generate())
print(TRUTH_FILE)
