"""From a Parquet file to the model of a web page. Each `# %%` begins a cell: open it as a notebook, or run it.

Usage: python parquet_to_page.py [FOLDER]; the files are written there (the working folder by default).
It needs `pip install ./bindings/python pandas pyarrow`.
"""

# %% A log in Parquet, as a warehouse exports it. Yours takes its place.
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sotto

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
folder.mkdir(parents=True, exist_ok=True)

# 400 visitors of a shop with 8 shelves of 10 items each. A visitor keeps to a shelf for a while and goes along it in
# steps of 1, 3 or 7 items, so the next item depends on the last two.
chance = np.random.Generator(np.random.PCG64(1))
shelves = ["tea", "garden", "kitchen", "bath", "toys", "paper", "light", "wool"]
rows = []
for visitor in range(400):
    moment = pd.Timestamp("2026-01-01", tz="UTC") + pd.Timedelta(minutes=17 * visitor)
    shelf, place, step = chance.integers(8), chance.integers(10), chance.choice([1, 3, 7])
    for _ in range(16):
        rows.append((f"visitor-{visitor}", f"{shelves[shelf]}-{place}", moment))
        if chance.random() < 0.1:
            shelf, place, step = chance.integers(8), chance.integers(10), chance.choice([1, 3, 7])
        place = (place + step) % 10
        moment += pd.Timedelta(seconds=int(chance.integers(60, 3600)))
log = pd.DataFrame(rows, columns=["visitor", "sku", "time"])
log.to_parquet(folder / "interactions.parquet")
items = pd.DataFrame(
    [(f"{shelf}-{place}", f"{shelf} number {place}", shelf) for shelf in shelves for place in range(10)],
    columns=["item_id", "title", "category"],
)

# %% Train. The columns have their own names, and times have the type of times.
columns = {"user_column": "visitor", "item_column": "sku", "timestamp_column": "time"}
model = sotto.train(
    folder / "interactions.parquet", items, embedding_dim=32, hidden_dim=32, epochs=20, licence="CC0-1.0", **columns
)

# %% Is it better than counting?
evaluation = model.evaluate(folder / "interactions.parquet", **columns)
print(evaluation.frame()[["arm", "ndcg@10", "ndcg@10_low", "ndcg@10_high", "hr@10"]].round(3).to_string(index=False))
difference = evaluation["fixed"]["difference_to_best_baseline"]["ndcg@10"]
print(f"NDCG@10 against {evaluation.best_baseline}: {difference['value']:+.3f}")

# %% What does a visitor see?
visitor = sotto.Recommender(model)
for sku in ("tea-1", "tea-4", "tea-7"):
    visitor.observe(sku)
for best in visitor.recommend(3, exclude=["tea-1", "tea-4", "tea-7"]):
    reason = visitor.why(best.item.id)[0]
    print(f"{best.score:6.2f}  {best.item.title}, above all because of {reason.item.title}")

# %% The page's model. `Recommender.open('shop.safetensors')` of the npm package opens it.
model.save(folder / "shop.safetensors")
(folder / "visitor.state").write_bytes(visitor.export())
print(f"wrote {folder / 'shop.safetensors'}: {len(model.to_bytes()) / 1000:.0f} kB, {len(model)} items")
