#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

/// tf * idf of every document, rows of length 1 (or empty). With `sublinear_tf` tf is 1 +
/// ln(count).
/// @peer scikit-learn 1.9.1 `TfidfTransformer(norm="l2", smooth_idf=True)`.
[[nodiscard]] Csr<float> tfidf_rows(const Csr<double>& counts, std::span<const double> idf,
                                    bool sublinear_tf);

/// TF-IDF and truncated SVD fitted on a corpus: the sparse baseline. Vectors have length 1; a text
/// without a known term has the zero vector.
class TfidfModel final : public Embedder {
 public:
  struct Fit {
    std::unique_ptr<TfidfModel> model = {};
    Matrix<float> vectors = {};  ///< Of the texts of the fit: what `embed` gives for them.
    EmbedReport report = {};
  };
  /// Terms, their smoothed idf = ln((1 + n) / (1 + df)) + 1 and the SVD, from a corpus.
  /// @param weights  Copies of each text, for the document frequencies; empty: 1.
  /// @error option subject: options of encoders that do not apply, a bad word option; input
  ///        subject: no term is left.
  /// @determinism Bit-identical for any thread count.
  [[nodiscard]] static Result<Fit> fit(const TextColumn& texts,
                                       std::span<const std::int32_t> weights,
                                       const EmbedOptions& options, RunContext& run);

  /// One safetensors file. @error output subject.
  [[nodiscard]] Result<void> save(const std::filesystem::path& path) const;
  /// @error model subject: not_found, parse, schema.
  [[nodiscard]] static Result<std::unique_ptr<TfidfModel>> load(const std::filesystem::path& path);

  [[nodiscard]] std::string name() const override { return "tfidf"; }
  [[nodiscard]] std::size_t dimension() const override { return loadings_.cols(); }
  [[nodiscard]] Result<std::string> fingerprint() const override;
  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override;

  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] const std::vector<double>& idf() const { return idf_; }
  [[nodiscard]] const std::vector<double>& singular_values() const { return singular_values_; }

 private:
  TfidfModel() = default;
  [[nodiscard]] Result<void> project(const Csr<float>& rows, MatrixView<float> out,
                                     RunContext& run) const;

  TfidfOptions options_ = {};
  CountPlan plan_ = {};
  Vocabulary vocabulary_ = {};
  std::vector<double> idf_ = {};
  Matrix<float> loadings_ = {};  ///< (terms, components)
  std::vector<double> singular_values_ = {};
};

/// True for `tfidf`: it is fitted on the documents and cannot be opened before they are read.
[[nodiscard]] bool is_tfidf(const EmbedOptions& options);

}  // namespace topograph
