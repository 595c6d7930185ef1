#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/report/columns.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

struct ReportOptions {
  std::string title = {};
  int max_text_chars = 400;
  int max_texts = 100000;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("title", s.title, any_value(), "Heading of the page (empty: the model's name).");
    v("max_text_chars", s.max_text_chars, at_least(20),
      "Characters of each document kept for hover and search.");
    v("max_texts", s.max_texts, at_least(0),
      "Documents that travel with their text; of more, an even sample does.");
  }
};

/// What the page shows; everything borrowed. Documents without a place on the map (empty texts) are
/// listed in the counts only.
struct ReportInput {
  MatrixView<const float> layout = {};           ///< (n, 2) map positions of the documents.
  std::span<const std::int32_t> topics = {};     ///< (n) topic of each document.
  std::span<const float> probabilities = {};     ///< (n)
  const TextColumn* texts = nullptr;             ///< (n) shown on hover and searched.
  const TextColumn* titles = nullptr;            ///< (n) or null.
  std::span<const std::uint8_t> is_placed = {};  ///< (n) 0: not on the map; empty: all are.
  const TopicTable* table = nullptr;
  /// Zoom series: partitions of the documents, coarsest first, each with a label per cluster.
  struct Layer {
    std::vector<std::int32_t> labels = {};  ///< (n), -1: none.
    std::vector<std::string> names = {};    ///< Per cluster.
  };
  std::vector<Layer> layers = {};
  std::vector<ReportColumn> columns = {};  ///< To colour, filter and read by; (n) each.
  /// (topics, d) direction of every topic but the outliers, in the table's order, for similarity
  /// and hierarchy; empty: the page compares their words.
  MatrixView<const float> topic_vectors = {};
  /// (n, k) likeliest topics of every document and how likely; no columns: unknown.
  MatrixView<const std::int32_t> member_topics = {};
  MatrixView<const float> member_values = {};
  /// A quality figure of every topic but the outliers, in the table's order; NaN: none.
  struct Measure {
    std::string name = {};
    std::string help = {};
    std::vector<double> values = {};
  };
  std::vector<Measure> measures = {};
  std::vector<std::pair<std::string, std::string>> facts = {};       ///< Footer: name, value.
  std::vector<std::pair<std::string, std::string>> provenance = {};  ///< How it was made, in full.
};

/// Renders one self-contained HTML page: the map and, beside it, topics, documents, structure,
/// trends and quality. Opens from disk without a network. What the map is drawn from comes first in
/// the file, texts last. The bytes depend on the input only.
[[nodiscard]] Result<std::string> render_report(const ReportInput& input,
                                                const ReportOptions& options, RunContext& run);

}  // namespace topograph
