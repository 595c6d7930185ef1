#pragma once

#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

/// Names of the aspects of all topics, in the order in which topics have them.
[[nodiscard]] std::vector<std::string> aspect_names(const TopicTable& table);

/// The table as one aspect describes it: words are the aspect's, labels its first ones. Topics that
/// somebody named keep their label; a topic that lacks the aspect keeps its words too.
/// @error option subject: no topic has an aspect of that name, with those there are.
[[nodiscard]] Result<TopicTable> table_of_aspect(TopicTable table, const std::string& name);

}  // namespace topograph
