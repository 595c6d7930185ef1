#include "embed/static/static_writer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "topograph/core/atomic_file.hpp"
#include "topograph/core/container.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

constexpr double kInt8Largest = 127.0;

/// The arrays of model.safetensors; the writer borrows them.
struct StoredVectors {
  std::vector<float> f32 = {};
  std::vector<std::uint16_t> f16 = {};
  std::vector<std::int8_t> i8 = {};
  std::vector<float> weights = {};
};

/// row ~ weight * q with q in [-127, 127]; a row of zeros has weight 0.
void quantize_row(std::span<const double> row, StoredVectors& out) {
  double largest = 0;
  for (const double value : row) largest = std::max(largest, std::abs(value));
  const double scale = largest / kInt8Largest;
  out.weights.push_back(static_cast<float>(scale));
  for (const double value : row) {
    const double steps = scale > 0 ? std::nearbyint(value / scale) : 0.0;
    out.i8.push_back(static_cast<std::int8_t>(std::clamp(steps, -kInt8Largest, kInt8Largest)));
  }
}

StoredVectors store(MatrixView<const double> vectors, VectorDType dtype) {
  StoredVectors out;
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const auto row = vectors.row(i);
    if (dtype == VectorDType::i8) {
      quantize_row(row, out);
      continue;
    }
    for (const double value : row) {
      if (dtype == VectorDType::f32) out.f32.push_back(static_cast<float>(value));
      if (dtype == VectorDType::f16) out.f16.push_back(float_to_half(static_cast<float>(value)));
    }
  }
  return out;
}

nlohmann::ordered_json model_config(std::size_t dimension, const std::string& encoder_name,
                                    const DistillOptions& options) {
  constexpr std::array<const char*, 3> kDTypeNames{"float32", "float16", "int8"};
  return {{"model_type", "model2vec"},
          {"architectures", {"StaticModel"}},
          {"tokenizer_name", encoder_name},
          {"apply_pca", dimension},
          {"sif_coefficient", options.sif_coefficient},
          {"hidden_dim", dimension},
          {"seq_length", 1000000},
          {"max_length", 512},
          {"normalize", true},
          {"pooling", "mean"},
          {"embedding_dtype", kDTypeNames[static_cast<std::size_t>(options.dtype)]}};
}

Result<void> write_modules(const fs::path& folder) {
  const nlohmann::ordered_json modules = {
      {{"idx", 0},
       {"name", "0"},
       {"path", "."},
       {"type", "sentence_transformers.models.StaticEmbedding"}},
      {{"idx", 1},
       {"name", "1"},
       {"path", "1_Normalize"},
       {"type", "sentence_transformers.models.Normalize"}}};
  return write_file(folder / "modules.json", modules.dump(2) + "\n");
}

}  // namespace

Result<std::size_t> write_static_model(const fs::path& folder, MatrixView<const double> vectors,
                                       const std::string& tokenizer_json,
                                       const std::string& encoder_name,
                                       const DistillOptions& options) {
  const StoredVectors stored = store(vectors, options.dtype);
  const std::vector<std::size_t> shape{vectors.rows(), vectors.cols()};
  ArrayWriter writer;
  switch (options.dtype) {
    case VectorDType::f32:
      writer.add("embeddings", DType::f32, shape, std::as_bytes(std::span(stored.f32)));
      break;
    case VectorDType::f16:
      writer.add("embeddings", DType::f16, shape, std::as_bytes(std::span(stored.f16)));
      break;
    case VectorDType::i8:
      writer.add("embeddings", DType::i8, shape, std::as_bytes(std::span(stored.i8)));
      writer.add("weights", stored.weights);
      break;
  }
  const fs::path weights = folder / "model.safetensors";
  TG_TRY(writer.write(weights));
  TG_TRY(write_file(folder / "tokenizer.json", tokenizer_json));
  const auto config = model_config(vectors.cols(), encoder_name, options);
  TG_TRY(write_file(folder / "config.json", config.dump(2) + "\n"));
  // sentence-transformers knows no `weights`: without modules.json it does not read int8 wrongly.
  if (options.dtype != VectorDType::i8) TG_TRY(write_modules(folder));
  std::error_code code;
  const auto bytes = fs::file_size(weights, code);
  if (code) return output_error(weights.string(), "cannot read the file's size: " + code.message());
  return bytes;
}

}  // namespace topograph::detail
