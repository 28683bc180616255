# Turns the plain // comments of a header into Doxygen's, for docs/Doxyfile.
# - Lines of a comment of its own become ///, and the comment at a file's top its description.
# - A comment behind a declaration that ends with ; or , becomes ///<, with the lines that continue it.
# - Characters that are markup to Doxygen are escaped, except inside backticks.

function escaped(text,    result, i, c, code) {
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == "`") code = !code
    if (!code && substr(text, i, 2) == "::") {
      result = result "\\::"
      i++
      continue
    }
    if (!code && index("\\@#<>&$%*_|", c)) {
      c = "\\" c
    }
    result = result c
  }
  return result
}

{
  if ($0 ~ /^[ \t]*\/\/([^\/]|$)/) {
    start = index($0, "//")
    text = substr($0, start + 2)
    if (behind == start) {  # continues the comment behind a declaration
      print substr($0, 1, start - 1) "///<" escaped(text)
      next
    }
    behind = 0
    if (!seen_code && !file_comment) {
      file_comment = 1
      print "/// \\file"
    }
    print substr($0, 1, start - 1) "///" escaped(text)
    next
  }
  behind = 0
  if (match($0, /[;,)][ \t]+\/\/ /) && $0 !~ /^[ \t]*#/) {
    start = RSTART + RLENGTH - 3
    behind = start
    print substr($0, 1, start - 1) "///<" escaped(substr($0, start + 2))
  } else {
    print
  }
  if ($0 !~ /^[ \t]*$/) seen_code = 1
}
