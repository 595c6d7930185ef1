#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "embed/model_fingerprint.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/embed/tfidf.hpp"
#include "topograph/linalg/sparse_products.hpp"
#include "topograph/linalg/truncated_svd.hpp"

namespace topograph {
namespace {

void scale_to_length_one(std::span<float> row) {
  double squared = 0;
  for (const float value : row) squared += static_cast<double>(value) * static_cast<double>(value);
  if (squared == 0) return;
  const double scale = 1 / std::sqrt(squared);
  for (float& value : row) value = static_cast<float>(static_cast<double>(value) * scale);
}

/// Options of encoders that would be accepted and have no effect.
Result<void> check_foreign_options(const EmbedOptions& options) {
  const auto refuse = [](const char* path) {
    return option_error(path, "tfidf has no such option", "leave it out, or choose an encoder");
  };
  if (options.max_length) return refuse("embed.max_length");
  if (options.prompt) return refuse("embed.prompt");
  if (options.prompt_name) return refuse("embed.prompt_name");
  if (options.truncate_dim) {
    return option_error("embed.truncate_dim", "tfidf has no such option",
                        "embed.tfidf.n_components is the number of its columns");
  }
  if (options.pooling) return refuse("embed.pooling");
  if (options.backend != EncoderBackend::any) return refuse("embed.backend");
  return {};
}

std::vector<std::int64_t> all_rows(const TextColumn& texts) {
  std::vector<std::int64_t> rows(texts.size());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

EmbedReport report_of(const Csr<double>& counts) {
  return {.n_texts = narrow<std::int64_t>(counts.rows()),
          .n_tokens = static_cast<std::int64_t>(
              std::accumulate(counts.values.begin(), counts.values.end(), 0.0))};
}

}  // namespace

Csr<float> tfidf_rows(const Csr<double>& counts, std::span<const double> idf, bool sublinear_tf) {
  TG_EXPECTS(counts.cols() == idf.size());
  Csr<float> rows{counts.offsets, counts.columns, std::vector<float>(counts.nnz()), counts.n_cols};
  std::vector<double> weights;
  for (std::size_t r = 0; r < counts.rows(); ++r) {
    const auto columns = counts.view().row_columns(r);
    const auto values = counts.view().row_values(r);
    weights.clear();
    double squared = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double tf = sublinear_tf ? 1 + std::log(values[i]) : values[i];
      weights.push_back(tf * idf[idx(columns[i])]);
      squared += weights.back() * weights.back();
    }
    const double length = std::sqrt(squared);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      rows.values[counts.view().begin(r) + i] = static_cast<float>(weights[i] / length);
    }
  }
  return rows;
}

bool is_tfidf(const EmbedOptions& options) {
  return options.model == "tfidf" && options.endpoint.url.empty();
}

Result<void> TfidfModel::project(const Csr<float>& rows, MatrixView<float> out,
                                 RunContext& run) const {
  TG_TRY(multiply(rows.view(), loadings_.view(), out, run));
  return parallel_blocks(run, out.rows(), 1024, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) scale_to_length_one(out.row(r));
  });
}

Result<TfidfModel::Fit> TfidfModel::fit(const TextColumn& texts,
                                        std::span<const std::int32_t> weights,
                                        const EmbedOptions& options, RunContext& run) {
  TG_EXPECTS(weights.empty() || weights.size() == texts.size());
  TG_TRY(check_foreign_options(options));
  TG_TRY(validate_options(options.tfidf, "embed.tfidf"));
  Fit fit;
  fit.model.reset(new TfidfModel());
  TfidfModel& model = *fit.model;
  model.options_ = options.tfidf;
  TG_TRY(model.plan_, plan_counting(texts, options.tfidf.words, run));
  const std::vector<std::int32_t> one_class(texts.size(), 0);
  TG_TRY(auto terms, count_terms(texts, one_class, 1, weights, model.plan_, run));
  if (terms.vocabulary.size() == 0) {
    return input_error(
        ErrorCode::invalid_argument, "embed.tfidf",
        terms.warnings.empty() ? "the documents have no words" : terms.warnings.front(),
        "try --set embed.tfidf.words.min_df=1");
  }
  model.vocabulary_ = std::move(terms.vocabulary);
  const double n = weights.empty() ? static_cast<double>(texts.size())
                                   : std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const std::int64_t df : model.vocabulary_.document_frequency()) {
    model.idf_.push_back(std::log((1 + n) / (1 + static_cast<double>(df))) + 1);
  }
  TG_TRY(const auto counts,
         count_documents(texts, all_rows(texts), model.vocabulary_, model.plan_, run));
  fit.report = report_of(counts);
  const Csr<float> rows = tfidf_rows(counts, model.idf_, options.tfidf.sublinear_tf);
  const std::size_t k = std::min({idx(options.tfidf.n_components), rows.rows(), rows.cols()});
  TG_TRY(auto svd,
         truncated_svd(rows.view(),
                       {.n_components = k, .n_iterations = idx(options.tfidf.n_iterations)}, run));
  model.loadings_ = std::move(svd.loadings);
  model.singular_values_ = std::move(svd.singular_values);
  fit.vectors = Matrix<float>(texts.size(), k);
  TG_TRY(model.project(rows, fit.vectors.view(), run));
  return fit;
}

Result<EmbedReport> TfidfModel::embed(const TextColumn& texts, MatrixView<float> out,
                                      RunContext& run) const {
  TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
  Stage stage(run, "embed", texts.size());
  TG_TRY(const auto counts, count_documents(texts, all_rows(texts), vocabulary_, plan_, run));
  TG_TRY(project(tfidf_rows(counts, idf_, options_.sublinear_tf), out, run));
  stage.advance(texts.size());
  return report_of(counts);
}

Result<std::string> TfidfModel::fingerprint() const {
  detail::ModelFingerprint entries("tfidf");
  entries.add("options", options_json(options_));
  for (const std::string& language : plan_.languages) entries.add("language", language);
  for (const std::string& word : plan_.stop_words) entries.add("stop word", word);
  for (std::size_t t = 0; t < vocabulary_.size(); ++t) entries.add("term", vocabulary_.terms()[t]);
  entries.add("idf", std::string_view(reinterpret_cast<const char*>(idf_.data()),
                                      idf_.size() * sizeof(double)));
  entries.add("loadings", std::string_view(reinterpret_cast<const char*>(loadings_.data()),
                                           loadings_.size() * sizeof(float)));
  return std::move(entries).hex();
}

}  // namespace topograph
