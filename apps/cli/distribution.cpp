#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "fitted_model.hpp"
#include "input_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/topics/topic_distribution.hpp"

namespace topograph::cli {
namespace {

struct DistributionArgs {
  std::string model = {};
  std::vector<std::string> inputs = {};
  std::string output = {};
  ReadOptions read = {};
  DistributionOptions options = {};
  bool wants_tokens = false;
  std::optional<int> top = {};
};

/// Entries of one row, the largest first, at most `top`.
std::vector<std::size_t> largest(std::span<const double> values, std::optional<int> top) {
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  if (top) order.resize(std::min(order.size(), idx(*top)));
  return order;
}

ColumnTable document_shares(const TopicDistribution& found, std::optional<int> top) {
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> topics;
  std::vector<double> shares;
  const auto view = found.documents.view();
  for (std::size_t row = 0; row < view.rows(); ++row) {
    for (const std::size_t i : largest(view.row_values(row), top)) {
      rows.push_back(narrow<std::int64_t>(row));
      topics.push_back(view.row_columns(row)[i]);
      shares.push_back(view.row_values(row)[i]);
    }
  }
  return {{{"row", std::move(rows), {}},
           {"topic", std::move(topics), {}},
           {"share", std::move(shares), {}}}};
}

ColumnTable token_values(const TokenDistribution& found, const TextColumn& texts,
                         std::optional<int> top) {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> begins;
  std::vector<std::int64_t> ends;
  TextColumn tokens;
  std::vector<std::int32_t> topics;
  std::vector<double> values;
  const auto view = found.topics.view();
  for (std::size_t row = 0; row + 1 < found.first_token.size(); ++row) {
    for (auto t = idx(found.first_token[row]); t < idx(found.first_token[row + 1]); ++t) {
      const TokenSpan& token = found.tokens[t];
      for (const std::size_t i : largest(view.row_values(t), top)) {
        rows.push_back(narrow<std::int64_t>(row));
        begins.push_back(token.begin);
        ends.push_back(token.end);
        tokens.push_back(texts[row].substr(token.begin, token.end - token.begin));
        topics.push_back(view.row_columns(t)[i]);
        values.push_back(view.row_values(t)[i]);
      }
    }
  }
  return {{{"row", std::move(rows), {}},
           {"token", std::move(tokens), {}},
           {"begin", std::move(begins), {}},
           {"end", std::move(ends), {}},
           {"topic", std::move(topics), {}},
           {"value", std::move(values), {}}}};
}

Result<void> run_distribution(const DistributionArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  std::optional<FittedModel> fitted;
  TextColumn texts;
  if (args.inputs.empty()) {
    TG_TRY(auto opened, open_fitted(args.model, run));
    fitted.emplace(std::move(opened));
    texts = std::move(fitted->texts);
  } else {
    TG_TRY(auto documents, read_documents(args.inputs, args.read, run));
    texts = std::move(documents.text);
  }
  std::optional<TopicModel> loaded;
  if (!fitted) {
    TG_TRY(auto model, TopicModel::load(args.model));
    loaded.emplace(std::move(model));
  }
  const TopicModel& model = fitted ? fitted->model : *loaded;
  TG_TRY(need_counts(model));
  const TermCounts& counts = model.description().counts;
  const Csr<double> weights = topic_weights(model);
  ColumnTable table;
  if (args.wants_tokens) {
    TG_TRY(const auto found,
           token_distribution(texts, counts.vocabulary, counts.plan, weights.view(),
                              model.description().idf, model.options().ctfidf, args.options, run));
    table = token_values(found, texts, args.top);
  } else {
    TG_TRY(const auto found,
           topic_distribution(texts, counts.vocabulary, counts.plan, weights.view(),
                              model.description().idf, model.options().ctfidf, args.options, run));
    table = document_shares(found, args.top);
  }
  if (!args.output.empty()) return write_table(args.output, table);
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_distribution(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "distribution", "How much documents, and their words, are about every topic");
  auto args = std::make_shared<DistributionArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  add_input_flags(*command, args->inputs, args->read, InputColumns::text);
  command->get_option("INPUT")->required(false)->description(
      "Other documents than the model's: csv, tsv, jsonl, parquet, feather, txt");
  command->add_option("-o,--output", args->output, "File to write: .parquet, .csv, .tsv, .jsonl")
      ->type_name("OUT");
  command->add_flag("--tokens", args->wants_tokens,
                    "A row per word: its bytes in the text and its share of every topic");
  command->add_option("--top", args->top, "Only the largest topics of a document or word")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
  command->add_option("--window", args->options.window, "Words that are looked at together")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--stride", args->options.stride, "Words from one window to the next")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command
      ->add_option("--min-similarity", args->options.min_similarity,
                   "Windows less similar to a topic tell nothing about it")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_flag("--padding", args->options.padding,
                    "Also take the shorter windows at both ends of a text");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_distribution(*args, session); };
  });
}

}  // namespace topograph::cli
