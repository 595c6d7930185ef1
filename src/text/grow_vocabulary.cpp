#include "topograph/text/grow_vocabulary.hpp"

#include <string_view>
#include <utility>

#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

GrownVocabulary grow_vocabulary(const Vocabulary& known, const Vocabulary& more,
                                const CountPlan& plan) {
  const CutRules rules(plan);
  TermCutter namer(rules);
  TermTable keys;
  for (std::size_t id = 0; id < known.size(); ++id) keys.add(namer.key_of(known.terms()[id]));
  std::vector<std::string_view> fresh;
  for (std::size_t id = 0; id < more.size(); ++id) {
    const std::string_view term = more.terms()[id];
    const std::string_view key = namer.key_of(term);
    if (keys.find(key) >= 0) continue;
    keys.add(key);
    fresh.push_back(term);
  }
  GrownVocabulary grown;
  TextColumn terms;
  std::vector<std::int64_t> frequency;
  std::size_t next = 0;
  const auto add_before = [&](const std::string_view* limit) {
    for (; next < fresh.size() && (limit == nullptr || fresh[next] < *limit); ++next) {
      terms.push_back(fresh[next]);
      frequency.push_back(0);
    }
  };
  for (std::size_t id = 0; id < known.size(); ++id) {
    const std::string_view term = known.terms()[id];
    add_before(&term);
    grown.place_of_old.push_back(narrow<std::int32_t>(terms.size()));
    terms.push_back(term);
    frequency.push_back(known.document_frequency()[id]);
  }
  add_before(nullptr);
  grown.vocabulary = Vocabulary(std::move(terms), std::move(frequency));
  return grown;
}

}  // namespace topograph
