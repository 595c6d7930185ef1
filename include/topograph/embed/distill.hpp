#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

enum class VectorDType : std::uint8_t { f32, f16, i8 };
template <>
struct EnumNames<VectorDType> {
  static constexpr std::array<std::string_view, 3> names{"f32", "f16", "i8"};
};

/// How token vectors learn from a corpus.
struct LearnOptions {
  int epochs = 3;
  double learning_rate = 0.01;
  int batch_texts = 2048;
  double pull = 1e-5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("epochs", s.epochs, at_least(0),
      "Times every text is looked at; 0 keeps the best linear map of the distilled vectors.");
    v("learning_rate", s.learning_rate, above(0),
      "First step of a coordinate, whose deviation is 0.1 at the start; falls to zero.");
    v("batch_texts", s.batch_texts, at_least(1), "Texts of one step.");
    v("pull", s.pull, at_least(0), "Pull of every token vector towards its start.");
  }
};

struct DistillOptions {
  int dimension = 256;
  double sif_coefficient = 1e-4;
  VectorDType dtype = VectorDType::f16;
  LearnOptions learn = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("dimension", s.dimension, at_least(2),
      "Columns kept by PCA, of the token vectors or, with a corpus, of the texts' vectors; at most "
      "the encoder's dimension.");
    v("sif_coefficient", s.sif_coefficient, above(0),
      "a of the weight a / (a + p), p by Zipf's law over the token's rank.");
    v("dtype", s.dtype, any_value(),
      "Storage of the vectors; i8 has one scale a row, kept in `weights`.");
    v("learn", s.learn);
  }
};

/// Texts to learn from. The better they resemble what the model will meet, the better it becomes.
struct DistillCorpus {
  TextColumn texts = {};
  /// (texts, d) the encoder's vectors of the texts; empty: the encoder computes them.
  MatrixView<const float> vectors = {};
};

struct DistillReport {
  std::size_t n_tokens = 0;
  std::size_t dimension = 0;
  double explained_variance = 0;  ///< Share of the variance that the kept columns hold.
  std::size_t bytes = 0;          ///< Of the written weights.
  std::size_t n_texts = 0;        ///< Of the corpus.
  std::size_t n_corpus_tokens = 0;
  double cosine = 0;  ///< With a corpus: mean cosine to the encoder's vectors in the last epoch.
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

/// The same, but the token vectors learn from a corpus what the mean of a text's tokens should be:
/// the distilled vectors are mapped linearly as near to the encoder's vectors of the texts as one
/// matrix can bring them, then each token's vector is moved by gradient descent on the cosine.
/// Texts are cut where the encoder cuts them. An empty corpus gives the plain distillation.
///
/// @error input subject when `corpus.vectors` does not fit the texts or is not finite.
/// @determinism Bit-identical files for any thread count; `run.seed()` orders the texts.
/// @source tokenlearn (MinishLab) for learning from mean vectors; differs: cosine instead of
/// squared
///         distance, a linear start for tokens that no text holds.
[[nodiscard]] Result<DistillReport> distill_static(const std::filesystem::path& encoder_folder,
                                                   const DistillCorpus& corpus,
                                                   const std::filesystem::path& target,
                                                   const DistillOptions& options, RunContext& run);

}  // namespace topograph
