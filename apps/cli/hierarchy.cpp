#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "document_columns.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/topics/topic_distances.hpp"
#include "topograph/topics/topic_hierarchy.hpp"

namespace topograph::cli {
namespace {

struct HierarchyArgs {
  std::string model = {};
  bool by_vectors = false;
  bool is_tree = false;
  std::optional<int> cut = {};
  std::optional<double> cut_at = {};
  std::optional<double> max_distance = {};
};

std::string node_name(const TopicHierarchy& tree, const TopicTable& topics, std::int32_t id) {
  const auto n = narrow<std::int32_t>(tree.merges.size() + 1);
  if (id >= n) return tree.merges[idx(id - n)].name();
  const Topic* topic = topics.find(id);
  return topic == nullptr ? std::string() : TopicMerge{.words = topic->words}.name();
}

/// Merges, the last one first, in the peer's columns.
ColumnTable linkage_columns(const TopicHierarchy& tree, const TopicTable& topics) {
  std::vector<std::int32_t> parents;
  std::vector<std::int32_t> lefts;
  std::vector<std::int32_t> rights;
  TextColumn names;
  TextColumn members;
  TextColumn left_names;
  TextColumn right_names;
  std::vector<double> distances;
  std::vector<std::int64_t> counts;
  for (std::size_t i = tree.merges.size(); i-- > 0;) {
    const TopicMerge& merge = tree.merges[i];
    parents.push_back(merge.id);
    lefts.push_back(merge.left);
    rights.push_back(merge.right);
    names.push_back(merge.name());
    members.push_back(fmt::format("{}", fmt::join(merge.topics, " ")));
    left_names.push_back(node_name(tree, topics, merge.left));
    right_names.push_back(node_name(tree, topics, merge.right));
    distances.push_back(merge.distance);
    counts.push_back(merge.count);
  }
  return {{{"parent_id", std::move(parents), {}},
           {"parent_name", std::move(names), {}},
           {"topics", std::move(members), {}},
           {"child_left_id", std::move(lefts), {}},
           {"child_left_name", std::move(left_names), {}},
           {"child_right_id", std::move(rights), {}},
           {"child_right_name", std::move(right_names), {}},
           {"distance", std::move(distances), {}},
           {"count", std::move(counts), {}}}};
}

ColumnTable group_columns(const std::vector<std::int32_t>& groups, const TopicTable& topics) {
  std::vector<std::int32_t> ids;
  TextColumn labels;
  for (std::size_t t = 0; t < groups.size(); ++t) {
    ids.push_back(narrow<std::int32_t>(t));
    const Topic* topic = topics.find(ids.back());
    labels.push_back(topic == nullptr ? "" : topic->label);
  }
  return {{{"topic", std::move(ids), {}}, {"group", groups, {}}, {"label", std::move(labels), {}}}};
}

Result<void> run_hierarchy(const HierarchyArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
  if (model.facts().n_topics < 2) {
    return model_error(
        ErrorCode::invalid_argument, args.model,
        fmt::format("a hierarchy needs two topics, the model has {}", model.facts().n_topics));
  }
  TG_TRY(need_counts(model));
  TG_TRY(auto distances, args.by_vectors ? cosine_distances(model.topic_vectors(), run)
                                         : cosine_distances(topic_weights(model).view(), run));
  TG_TRY(const TopicHierarchy tree,
         topic_hierarchy(std::move(distances), model.description(), model.options().ctfidf,
                         idx(model.options().topics.top_n_words), run));
  if (args.is_tree) {
    std::cout << tree_text(tree, model.topics(), args.max_distance);
    return {};
  }
  ColumnTable table;
  if (args.cut && (*args.cut < 1 || *args.cut > model.facts().n_topics)) {
    return option_error("--cut", fmt::format("expected 1 to {} groups, found {}",
                                             model.facts().n_topics, *args.cut));
  }
  if (args.cut) {
    table = group_columns(cut_hierarchy(tree, idx(*args.cut)), model.topics());
  } else if (args.cut_at) {
    table = group_columns(cut_hierarchy_at(tree, *args.cut_at), model.topics());
  } else {
    table = linkage_columns(tree, model.topics());
  }
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_hierarchy(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "hierarchy", "How topics join into broader ones: table of merges, tree, or a cut");
  auto args = std::make_shared<HierarchyArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command->add_flag("--by-vectors", args->by_vectors,
                    "Compare topics by their vectors instead of their words (class TF-IDF)");
  auto* tree = command->add_flag("--tree", args->is_tree, "Print the tree as text");
  command
      ->add_option("--max-distance", args->max_distance,
                   "With --tree: topics that join at this distance or above are shown as O")
      ->type_name("D")
      ->needs(tree);
  auto* cut = command->add_option("--cut", args->cut, "Print the group of every topic, of N groups")
                  ->type_name("N")
                  ->excludes(tree);
  command
      ->add_option("--cut-at", args->cut_at,
                   "The same for a cut at a distance: merges below it are made")
      ->type_name("D")
      ->excludes(tree)
      ->excludes(cut);
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_hierarchy(*args, session); };
  });
}

}  // namespace topograph::cli
