#pragma once

#include <string_view>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/topics/types.hpp"

namespace topograph::cli {

/// A column of words for every aspect that any topic has, in order of their names.
[[nodiscard]] std::vector<Column> aspect_columns(const TopicTable& topics);

/// Null: the topic has none of this name.
[[nodiscard]] const TopicAspect* find_aspect(const Topic& topic, std::string_view name);

/// @error option subject (--aspect): no topic has such an aspect; names those there are.
[[nodiscard]] Result<void> need_aspect(const TopicTable& topics, std::string_view name);

/// The table as one aspect describes it: words are the aspect's, labels its first ones. Topics that
/// somebody named keep their label; a topic that lacks the aspect keeps its words too.
/// @error as `need_aspect`.
[[nodiscard]] Result<TopicTable> table_of_aspect(TopicTable topics, std::string_view name);

}  // namespace topograph::cli
