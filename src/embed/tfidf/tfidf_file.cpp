#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/embed/tfidf.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "topograph-tfidf-1";

struct PackedTerms {
  std::string bytes = {};
  std::vector<std::int64_t> offsets = {0};
};

PackedTerms pack(const TextColumn& terms) {
  PackedTerms packed;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    packed.bytes += terms[i];
    packed.offsets.push_back(narrow<std::int64_t>(packed.bytes.size()));
  }
  return packed;
}

std::unexpected<Error> damaged(const fs::path& path, const std::string& what) {
  return model_error(ErrorCode::schema, path.string(), what,
                     "the model is damaged or was not written by topograph; fit it again");
}

/// The terms, which must ascend.
Result<TextColumn> read_terms(const ArrayFile& arrays, const fs::path& path) {
  TG_TRY(const auto bytes, arrays.bytes("terms"));
  TG_TRY(const auto offsets, arrays.int64s("term_offsets"));
  TextColumn terms;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || idx(offsets[i + 1]) > bytes.size()) {
      return damaged(path, "term_offsets point outside terms");
    }
    terms.push_back({reinterpret_cast<const char*>(bytes.data()) + offsets[i],
                     idx(offsets[i + 1] - offsets[i])});
    if (i > 0 && !(terms[i - 1] < terms[i])) return damaged(path, "the terms are not in order");
  }
  return terms;
}

Result<void> read_plan(const ArrayFile& arrays, const fs::path& path, TfidfOptions& options,
                       CountPlan& plan) {
  const auto& metadata = arrays.metadata();
  const auto text = metadata.find("tfidf");
  const Json json = text == metadata.end() ? Json() : Json::parse(text->second, nullptr, false);
  try {
    if (!json.is_object() || json.at("format") != kFormat) {
      return damaged(path, fmt::format("expected the format {}", kFormat));
    }
    plan.languages = json.at("languages").get<std::vector<std::string>>();
    plan.stop_words = json.at("stop_words").get<std::vector<std::string>>();
    auto loaded = load_options_json(options, json.at("options").dump(), path.string());
    if (!loaded) {
      loaded.error().subject = Subject::model;
      return loaded;
    }
  } catch (const Json::exception& problem) {
    return damaged(path, problem.what());
  }
  plan.options = options.words;
  return {};
}

}  // namespace

Result<void> TfidfModel::save(const fs::path& path) const {
  const PackedTerms terms = pack(vocabulary_.terms());
  ArrayWriter arrays;
  arrays.add("terms", std::span(reinterpret_cast<const std::uint8_t*>(terms.bytes.data()),
                                terms.bytes.size()));
  arrays.add("term_offsets", std::span(terms.offsets));
  arrays.add("document_frequency", vocabulary_.document_frequency());
  arrays.add("idf", std::span(idf_));
  arrays.add("loadings", loadings_.view());
  arrays.add("singular_values", std::span(singular_values_));
  const Json json = {{"format", kFormat},
                     {"options", Json::parse(options_json(options_))},
                     {"languages", plan_.languages},
                     {"stop_words", plan_.stop_words}};
  arrays.set_metadata("tfidf", json.dump(-1, ' ', false, Json::error_handler_t::replace));
  return arrays.write(path);
}

Result<std::unique_ptr<TfidfModel>> TfidfModel::load(const fs::path& path) {
  TG_TRY(const ArrayFile arrays, ArrayFile::open(path));
  std::unique_ptr<TfidfModel> model(new TfidfModel());
  TG_TRY(read_plan(arrays, path, model->options_, model->plan_));
  TG_TRY(auto terms, read_terms(arrays, path));
  TG_TRY(auto frequency, arrays.int64s("document_frequency"));
  TG_TRY(model->idf_, arrays.doubles("idf"));
  TG_TRY(model->loadings_, arrays.matrix("loadings"));
  TG_TRY(model->singular_values_, arrays.doubles("singular_values"));
  const std::size_t n = terms.size();
  if (n == 0 || frequency.size() != n || model->idf_.size() != n || model->loadings_.rows() != n ||
      model->loadings_.cols() == 0 || model->singular_values_.size() != model->loadings_.cols()) {
    return damaged(path, "the arrays do not agree in length");
  }
  const auto is_finite = [](auto value) { return std::isfinite(value); };
  const std::span loadings(model->loadings_.data(), model->loadings_.size());
  if (!std::ranges::all_of(model->idf_, is_finite) || !std::ranges::all_of(loadings, is_finite)) {
    return damaged(path, "the arrays have NaN or infinite numbers");
  }
  model->vocabulary_ = Vocabulary(std::move(terms), std::move(frequency));
  return model;
}

}  // namespace topograph
