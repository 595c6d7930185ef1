#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class VectorDType : std::uint8_t { f32, f16, i8 };
template <>
struct EnumNames<VectorDType> {
  static constexpr std::array<std::string_view, 3> names{"f32", "f16", "i8"};
};

struct DistillOptions {
  int dimension = 256;
  double sif_coefficient = 1e-4;
  VectorDType dtype = VectorDType::f16;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("dimension", s.dimension, at_least(2),
      "Columns kept by PCA; at most the encoder's dimension.");
    v("sif_coefficient", s.sif_coefficient, above(0),
      "a of the weight a / (a + p), p by Zipf's law over the token's rank.");
    v("dtype", s.dtype, any_value(),
      "Storage of the vectors; i8 has one scale a row, kept in `weights`.");
  }
};

struct DistillReport {
  std::size_t n_tokens = 0;
  std::size_t dimension = 0;
  double explained_variance = 0;  ///< Share of the variance that the kept columns hold.
  std::size_t bytes = 0;          ///< Of the written weights.
};

/// Makes a static model from an encoder: every vocabulary entry goes through the encoder alone, PCA
/// (signs: the score of largest magnitude is positive), SIF weights; writes model2vec's file layout
/// to `target` atomically, replacing an older model there. Entries like [unused7] are left out and
/// the rest renumbered in the written tokenizer.json, so a WordPiece tokenizer is needed.
///
/// @error option subject: a dimension that the encoder or its vocabulary does not have; model
/// subject
///        as `open_encoder`; output subject when `target` cannot be written; cancelled.
/// @determinism Bit-identical files for any thread count.
/// @source model2vec (peers: model2vec 0.10.0 `distill`), Arora, Liang & Ma 2017 for SIF.
[[nodiscard]] Result<DistillReport> distill_static(const std::filesystem::path& encoder_folder,
                                                   const std::filesystem::path& target,
                                                   const DistillOptions& options, RunContext& run);

}  // namespace topograph
