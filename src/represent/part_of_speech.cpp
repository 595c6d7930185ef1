#include "topograph/represent/part_of_speech.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <map>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace detail {
std::string_view model_bin();  // models/pos-en, compiled in.
}
namespace {

constexpr std::string_view kStart = "<s>";  // What stands outside of the sentence.
constexpr std::string_view kEnd = "</s>";

/// Reads the parts of the table one after the other. The table is ours: it is not checked twice.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(std::size_t n) {
    TG_EXPECTS(n <= bytes_.size());
    const std::string_view part = bytes_.substr(0, n);
    bytes_.remove_prefix(n);
    return part;
  }
  template <class Number>
  Number number() {
    Number value = 0;
    std::memcpy(&value, take(sizeof(Number)).data(), sizeof(Number));
    return value;
  }
  std::string_view short_text() { return take(number<std::uint8_t>()); }

 private:
  std::string_view bytes_;
};

struct Weight {
  std::uint8_t label = 0;
  std::int8_t steps = 0;
};

struct Model {
  std::vector<std::string_view> labels = {};              ///< "NOUN|-": tag and verb form.
  std::vector<PartOfSpeech> tags = {};                    ///< Of the labels.
  std::map<std::string_view, std::uint8_t> certain = {};  ///< Words that have one label.
  std::vector<std::uint32_t> features = {};               ///< Hashes, ascending.
  std::vector<std::uint32_t> first_weight = {0};
  std::vector<Weight> weights = {};
};

PartOfSpeech tag_of(std::string_view label) {
  const auto& names = EnumNames<PartOfSpeech>::names;
  const auto found = std::ranges::find(names, label.substr(0, label.find('|')));
  TG_EXPECTS(found != names.end());
  return static_cast<PartOfSpeech>(found - names.begin());
}

Model read_model() {
  Reader reader(detail::model_bin());
  TG_EXPECTS(reader.take(8) == "TGPOS001");
  const auto n_labels = reader.number<std::uint32_t>();
  const auto n_certain = reader.number<std::uint32_t>();
  const auto n_features = reader.number<std::uint32_t>();
  (void)reader.number<float>();  // Of all weights alike: the best label does not depend on it.
  Model model;
  for (std::uint32_t i = 0; i < n_labels; ++i) {
    model.labels.push_back(reader.short_text());
    model.tags.push_back(tag_of(model.labels.back()));
  }
  for (std::uint32_t i = 0; i < n_certain; ++i) {
    const std::string_view word = reader.short_text();
    model.certain[word] = reader.number<std::uint8_t>();
  }
  for (std::uint32_t i = 0; i < n_features; ++i) {
    model.features.push_back(reader.number<std::uint32_t>());
  }
  for (std::uint32_t i = 0; i < n_features; ++i) {
    model.first_weight.push_back(model.first_weight.back() + reader.number<std::uint8_t>());
  }
  for (std::uint32_t i = 0; i < model.first_weight.back(); ++i) {
    const auto label = reader.number<std::uint8_t>();
    model.weights.push_back({label, reader.number<std::int8_t>()});
  }
  return model;
}

const Model& model() {
  static const Model instance = read_model();
  return instance;
}

/// FNV-1a over the parts of a feature, as they follow each other.
std::uint32_t hash_of(std::initializer_list<std::string_view> parts) {
  std::uint32_t hash = 2166136261U;
  for (const std::string_view part : parts) {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return hash;
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
  return out;
}

std::string_view ending(std::string_view word, std::size_t n) {
  return word.substr(word.size() - std::min(n, word.size()));
}

std::string_view shape_of(std::string_view word) {
  const bool has_digit = std::ranges::any_of(word, is_digit);
  if (!word.empty() && is_upper(word.front())) return has_digit ? "Xd" : "X";
  return has_digit ? "xd" : "x";
}

class Scores {
 public:
  explicit Scores(const Model& model) : model_(model), sums_(model.labels.size(), 0) {}

  void add(std::initializer_list<std::string_view> parts) {
    const std::uint32_t hash = hash_of(parts);
    const auto found = std::ranges::lower_bound(model_.features, hash);
    if (found == model_.features.end() || *found != hash) return;
    const auto feature = static_cast<std::size_t>(found - model_.features.begin());
    for (std::uint32_t i = model_.first_weight[feature]; i < model_.first_weight[feature + 1];
         ++i) {
      sums_[model_.weights[i].label] += model_.weights[i].steps;
    }
  }

  /// Labels ascend; the last of equal ones is taken, as in training.
  [[nodiscard]] std::uint8_t best() const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < sums_.size(); ++i) {
      if (sums_[i] >= sums_[best]) best = i;
    }
    return static_cast<std::uint8_t>(best);
  }

 private:
  const Model& model_;
  std::vector<int> sums_;
};

}  // namespace

std::vector<PartOfSpeech> parts_of_speech(std::span<const std::string_view> words) {
  const Model& known = model();
  std::vector<std::string> context;
  for (const std::string_view word : words) context.push_back(lower(word));
  std::vector<PartOfSpeech> tags;
  std::string_view before = kStart;  // Labels of the two words before.
  std::string_view before_that = kStart;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = context[i];
    std::uint8_t label = 0;
    if (const auto certain = known.certain.find(word); certain != known.certain.end()) {
      label = certain->second;
    } else {
      Scores scores(known);
      scores.add({"bias"});
      scores.add({"suf3 ", ending(word, 3)});
      scores.add({"suf2 ", ending(word, 2)});
      scores.add({"suf1 ", ending(word, 1)});
      scores.add({"pre1 ", word.substr(0, 1)});
      scores.add({"shape ", shape_of(words[i])});
      scores.add({"w ", word});
      scores.add({"t-1 ", before});
      scores.add({"t-2 ", before_that});
      scores.add({"t-1t-2 ", before, " ", before_that});
      scores.add({"w-1 ", i > 0 ? std::string_view(context[i - 1]) : kStart});
      scores.add({"w-2 ", i > 1 ? std::string_view(context[i - 2]) : kStart});
      scores.add({"w+1 ", i + 1 < words.size() ? std::string_view(context[i + 1]) : kEnd});
      scores.add({"w+2 ", i + 2 < words.size() ? std::string_view(context[i + 2]) : kEnd});
      scores.add({"t-1 w ", before, " ", word});
      label = scores.best();
    }
    tags.push_back(known.tags[label]);
    before_that = before;
    before = known.labels[label];
  }
  return tags;
}

Result<PosPatterns> parse_pos_patterns(const std::vector<std::string>& texts,
                                       std::string_view where) {
  PosPatterns patterns;
  const auto& names = EnumNames<PartOfSpeech>::names;
  for (const std::string& text : texts) {
    patterns.emplace_back();
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      const std::string_view name = std::string_view(text).substr(begin, end - begin);
      begin = end + 1;
      if (name.empty()) continue;
      const auto found = std::ranges::find(names, name);
      if (found == names.end()) {
        return option_error(std::string(where),
                            "expected tags of Universal Dependencies like ADJ NOUN, found '" +
                                std::string(name) + "'");
      }
      patterns.back().push_back(static_cast<PartOfSpeech>(found - names.begin()));
    }
    if (patterns.back().empty()) {
      return option_error(std::string(where), "a pattern without a tag",
                          "separate patterns by commas, like ADJ NOUN,NOUN");
    }
  }
  return patterns;
}

}  // namespace topograph
