#include "document_columns.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <variant>

#include "topograph/core/narrow.hpp"

namespace topograph::cli {
namespace {

std::vector<std::int64_t> row_numbers(std::size_t n) {
  std::vector<std::int64_t> rows(n);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

Column id_column(const DocumentTable& documents) {
  if (!documents.id_column) return {"id", row_numbers(documents.size()), {}};
  Column id = documents.columns.columns[*documents.id_column];
  id.name = "id";
  return id;
}

Column position_column(const DocumentTopics& topics, std::size_t axis, const char* name) {
  std::vector<float> values(topics.topics.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = topics.positions[i, axis];
  return {name, std::move(values), topics.is_placed};
}

/// Missing where nobody wrote down how sure the topic was.
Column probability_column(const DocumentTopics& topics) {
  Column column{"probability", topics.probabilities, {}};
  if (std::ranges::none_of(topics.probabilities, [](float p) { return std::isnan(p); })) {
    return column;
  }
  for (const float probability : topics.probabilities) {
    column.valid.push_back(std::isnan(probability) ? 0 : 1);
  }
  return column;
}

Column reason_column(const DocumentTopics& topics) {
  TextColumn reasons;
  std::vector<std::uint8_t> valid;
  for (const OutlierReason reason : topics.reasons) {
    reasons.push_back(to_string(reason));
    valid.push_back(reason == OutlierReason::none ? 0 : 1);
  }
  return {"reason", std::move(reasons), std::move(valid)};
}

/// topic_1, topic_1_probability, topic_2 … and noise_probability, where there are memberships.
void add_membership_columns(const Memberships& memberships, std::vector<Column>& columns) {
  const std::size_t n = memberships.clusters.rows();
  for (std::size_t j = 0; j < memberships.k(); ++j) {
    std::vector<std::int32_t> topics(n);
    std::vector<float> values(n);
    for (std::size_t row = 0; row < n; ++row) {
      topics[row] = memberships.clusters[row, j];
      values[row] = memberships.values[row, j];
    }
    const std::string name = "topic_" + std::to_string(j + 1);
    columns.push_back({name, std::move(topics), {}});
    columns.push_back({name + "_probability", std::move(values), {}});
  }
  if (memberships.k() > 0) columns.push_back({"noise_probability", memberships.noise, {}});
}

}  // namespace

ColumnTable topic_columns(const DocumentTopics& topics) {
  ColumnTable table;
  table.columns = {{"topic", topics.topics, {}},
                   probability_column(topics),
                   position_column(topics, 0, "x"),
                   position_column(topics, 1, "y"),
                   reason_column(topics)};
  add_membership_columns(topics.memberships, table.columns);
  return table;
}

std::string joined_words(const std::vector<TopicWord>& words) {
  std::string text;
  for (const TopicWord& word : words) text += (text.empty() ? "" : ", ") + word.term;
  return text;
}

Column name_column(const TopicModel& model, const DocumentTopics& topics) {
  TextColumn names;
  for (const std::int32_t topic : topics.topics) {
    const Topic* entry = model.topics().find(topic);
    names.push_back(entry != nullptr ? entry->name() : "");
  }
  return {"name", std::move(names), {}};
}

void insert_column(ColumnTable& table, std::size_t at, Column column) {
  while (table.find(column.name)) column.name = "topic_" + column.name;
  table.columns.insert(table.columns.begin() + narrow<std::ptrdiff_t>(at), std::move(column));
}

DocumentColumns document_columns(const DocumentTable& documents, const DocumentTopics& topics) {
  DocumentColumns out;
  auto& columns = out.table.columns;
  columns.push_back({"row", row_numbers(documents.size()), {}});
  columns.push_back(id_column(documents));
  for (Column& column : topic_columns(topics).columns) columns.push_back(std::move(column));
  for (std::size_t c = 0; c < documents.columns.columns.size(); ++c) {
    const Column& input = documents.columns.columns[c];
    if (documents.id_column == c && input.name == "id") continue;  // it is the id column already
    Column column = input;
    while (out.table.find(column.name)) column.name = "input_" + column.name;
    if (c == documents.text_column) out.text_name = column.name;
    if (documents.title_column == c) out.title_name = column.name;
    if (documents.label_column == c) out.label_name = column.name;
    if (documents.time_column == c) out.time_name = column.name;
    if (documents.class_column == c) out.class_name = column.name;
    columns.push_back(std::move(column));
  }
  return out;
}

DocumentColumns bare_columns(const DocumentTopics& topics) {
  DocumentColumns out;
  const std::vector<std::int64_t> rows = row_numbers(topics.topics.size());
  out.table.columns = {{"row", rows, {}}, {"id", rows, {}}};
  for (Column& column : topic_columns(topics).columns) {
    out.table.columns.push_back(std::move(column));
  }
  return out;
}

TextColumn text_of(const Column& column) {
  if (const auto* text = std::get_if<TextColumn>(&column.values);
      text != nullptr && column.valid.empty()) {
    return *text;
  }
  TextColumn out;
  for (std::size_t i = 0; i < column.size(); ++i) out.push_back(cell_text(column, i));
  return out;
}

}  // namespace topograph::cli
