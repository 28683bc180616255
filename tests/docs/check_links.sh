#!/usr/bin/env bash
# Every relative link of the Markdown files leads to a file, and every #anchor to a heading of it.
# Usage: check_links.sh [FOLDER]; the repository's top by default.
set -euo pipefail

cd "${1:-$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..}"

# The tracked files of a checkout; outside of one, all that are neither built nor installed.
markdown_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard '*.md'
  else
    find . -name '*.md' -not -path '*/node_modules/*' -not -path './build/*' | sed 's|^\./||' | sort
  fi
}

# A file's text without fenced code blocks.
prose() { awk '/^[ \t]*```/ { code = !code; next } !code' "$1"; }

# Where a file's links lead. Code spans are dropped: what looks like a link inside one is none.
# shellcheck disable=SC2016 # the backticks are Markdown's
links_of() { prose "$1" | sed 's/`[^`]*`//g' | grep -oE '\]\([^) ]+\)' | sed -E 's/^\]\(//; s/\)$//'; }

# The anchors of a file's headings, as GitHub makes them: lower case, spaces to hyphens, punctuation dropped. The second
# heading of a name gets -1, and so on.
anchors() {
  prose "$1" | sed -nE 's/^#+ +//p' | sed -E 's/\[([^]]*)\]\([^)]*\)/\1/g' | tr '[:upper:]' '[:lower:]' |
    sed -E 's/[^[:alnum:] _-]//g; s/ /-/g' | awk '{ print $0 (seen[$0]++ ? "-" seen[$0] - 1 : "") }'
}

export LC_ALL=C.UTF-8
broken=0
links=0
while read -r file; do
  folder=$(dirname "$file")
  while read -r link; do
    [[ $link =~ ^(https?:|mailto:) ]] && continue
    links=$((links + 1))
    path=${link%%#*}
    anchor=''
    [[ $link == *'#'* ]] && anchor=${link#*#}
    target=$file
    [[ -n $path ]] && target=$folder/$path
    if [[ ! -e $target ]]; then
      printf '%s: no such file: %s\n' "$file" "$link"
      broken=$((broken + 1))
    elif [[ -n $anchor && $target == *.md ]] && ! grep -qxF -- "$anchor" <<<"$(anchors "$target")"; then
      printf '%s: no such heading: %s\n' "$file" "$link"
      broken=$((broken + 1))
    fi
  done < <(links_of "$file")
done < <(markdown_files)

((links > 0)) || {
  printf 'no link was found: the check looks at nothing\n'
  exit 1
}
printf '%d relative links, %d broken\n' "$links" "$broken"
((broken == 0))
