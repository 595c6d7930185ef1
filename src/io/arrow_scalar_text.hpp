#pragma once

#include <arrow/type_fwd.h>

#include <string>

namespace topograph {

/// A value without a typed column of ours, as text: lists, structs and maps as JSON (as nested
/// values of JSON lines travel), everything else as Arrow writes it.
[[nodiscard]] std::string scalar_text(const arrow::Scalar& scalar);

}  // namespace topograph
