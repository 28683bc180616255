// Files of this folder that are part of the program. CMake makes their texts from them (CMakeLists.txt).
#pragma once

#include <string_view>

namespace sotto::serve {

extern const std::string_view operator_page_html;
extern const std::string_view openapi_json;

}  // namespace sotto::serve
