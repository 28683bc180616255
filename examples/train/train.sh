#!/usr/bin/env bash
# From a log to a model: makes a small log, checks it, trains on it and evaluates what came out.
# Usage: train.sh [FOLDER]; the files are written there (a new temporary folder by default).
# SOTTO names the command line, the front door by default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sotto=${SOTTO:-$here/../../sotto}
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"

# 600 users of a shop with 8 shelves of 10 items each. A user keeps to a shelf for a while and goes along it in steps of
# 1, 3 or 7 items, so the next item depends on the last two: a count of what follows what cannot know it. The random
# numbers are this script's own, so every machine makes the same log.
awk -v items="$folder/items.csv" '
  function random(n) { seed = (seed * 1103 + 12345) % 65536; return int(seed * n / 65536) }
  BEGIN {
    seed = 1
    split("tea,garden,kitchen,bath,toys,paper,light,wool", shelf, ",")
    split("1,3,7", stride, ",")
    print "item_id,title,category" > items
    for (item = 0; item < 80; item++)
      printf "%s-%d,%s number %d,%s\n", shelf[int(item / 10) + 1], item % 10, shelf[int(item / 10) + 1], item % 10,
        shelf[int(item / 10) + 1] > items
    print "user_id,item_id,timestamp"
    for (user = 0; user < 600; user++) {
      time = 1700000000 + user * 977
      at = random(8)
      place = random(10)
      step = stride[random(3) + 1]
      for (event = 0; event < 16; event++) {
        if (random(10) == 0) { at = random(8); place = random(10); step = stride[random(3) + 1] }
        printf "user-%d,%s-%d,%d\n", user, shelf[at + 1], place, time
        place = (place + step) % 10
        time += 60 + random(3600)
      }
    }
  }' >"$folder/interactions.csv"

printf '\n== check: is the log good enough?\n'
"$sotto" check --interactions "$folder/interactions.csv" --items "$folder/items.csv"

printf '\n== train: one file, fixed point, with the catalogue inside\n'
"$sotto" train --interactions "$folder/interactions.csv" --items "$folder/items.csv" --embedding-dim 32 \
  --hidden-dim 32 --epochs 20 --out "$folder/shop.safetensors"

printf '\n== evaluate: is it better than counting?\n'
"$sotto" evaluate --model "$folder/shop.safetensors" --interactions "$folder/interactions.csv"

printf '\n== inspect: what is in the file?\n'
"$sotto" inspect "$folder/shop.safetensors"

printf '\nThe model is %s. Recommend with it:\n  node examples/node/recommend.mjs %s tea-1 tea-2\n' \
  "$folder/shop.safetensors" "$folder/shop.safetensors"
