#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/embed/distill.hpp"

namespace topograph::detail {

/// Writes a static model's folder in model2vec's layout into the existing `folder`: vectors
/// (tokens, dimension) stored as `options.dtype`, config.json, modules.json and tokenizer.json.
/// int8 vectors have one scale a row, kept in `weights`, which model2vec multiplies in as we do.
/// @return Bytes of model.safetensors.
[[nodiscard]] Result<std::size_t> write_static_model(const std::filesystem::path& folder,
                                                     MatrixView<const double> vectors,
                                                     const std::string& tokenizer_json,
                                                     const std::string& encoder_name,
                                                     const DistillOptions& options);

}  // namespace topograph::detail
