#include "tokenize/normalizer.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "tokenize/characters.hpp"

namespace topograph::detail {
namespace {

template <class Keep>
void filter(NormalizedText& text, Keep keep) {
  std::erase_if(text, [&](const NormalizedCharacter& c) { return !keep(c.value); });
}

void lower_all(NormalizedText& text) {
  std::vector<RewrittenCharacter> out;
  out.reserve(text.size());
  for (const NormalizedCharacter& c : text) {
    std::int32_t change = 0;
    for (const char32_t lower : lower_case(c.value)) {
      out.push_back({lower, change});
      change = 1;
    }
  }
  rewrite(text, out);
}

struct Decomposed {
  char32_t value = 0;
  std::int32_t change = 0;
  std::uint8_t combining_class = 0;
};

/// Decomposes and puts combining marks in canonical order. The changes move with the marks: that is
/// how the peer aligns them, and what counts is their number between two starters.
std::vector<Decomposed> decompose_all(const NormalizedText& text, bool compatible) {
  std::vector<Decomposed> out;
  out.reserve(text.size());
  std::size_t run_begin = 0;
  const auto sort_run = [&](std::size_t end) {
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(run_begin),
                     out.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Decomposed& a, const Decomposed& b) {
                       return a.combining_class < b.combining_class;
                     });
  };
  for (const NormalizedCharacter& c : text) {
    std::int32_t change = 0;
    for (const char32_t part : decompose(c.value, compatible)) {
      const std::uint8_t part_class = combining_class(part);
      if (part_class == 0) {
        sort_run(out.size());
        run_begin = out.size() + 1;
      }
      out.push_back({part, change, part_class});
      change = 1;
    }
  }
  run_begin = std::min(run_begin, out.size());
  sort_run(out.size());
  return out;
}

/// Canonical composition over decomposed text: each starter takes the marks that no mark of the
/// same or a higher class separates from it.
std::vector<RewrittenCharacter> compose_all(const std::vector<Decomposed>& in) {
  std::vector<RewrittenCharacter> out;
  out.reserve(in.size());
  std::optional<std::size_t> starter;  // index in `out` of the character that may still grow
  int last_class = -1;                 // class of the last mark left between it and here
  for (const Decomposed& d : in) {
    if (starter && last_class < int{d.combining_class}) {
      if (const char32_t pair = compose(out[*starter].value, d.value); pair != 0) {
        out[*starter].value = pair;
        out[*starter].change += d.change - 1;
        continue;
      }
    }
    out.push_back({d.value, d.change});
    if (d.combining_class == 0) {
      starter = out.size() - 1;
      last_class = -1;
    } else if (starter) {
      last_class = d.combining_class;
    }
  }
  return out;
}

void apply(const UnicodeNormalizer& step, NormalizedText& text) {
  const bool compatible =
      step.form == NormalizationForm::nfkc || step.form == NormalizationForm::nfkd;
  const bool composed = step.form == NormalizationForm::nfc || step.form == NormalizationForm::nfkc;
  const std::vector<Decomposed> decomposed = decompose_all(text, compatible);
  std::vector<RewrittenCharacter> out;
  if (composed) {
    out = compose_all(decomposed);
  } else {
    out.reserve(decomposed.size());
    for (const Decomposed& d : decomposed) out.push_back({d.value, d.change});
  }
  rewrite(text, out);
}

void apply(const BertNormalizer& step, NormalizedText& text) {
  if (step.clean_text) {
    filter(text, [](char32_t c) { return !is_cleaned_away(c); });
    for (NormalizedCharacter& c : text) {
      if (is_white_space(c.value)) c.value = ' ';
    }
  }
  if (step.handle_chinese_chars) {
    std::vector<RewrittenCharacter> out;
    out.reserve(text.size());
    for (const NormalizedCharacter& c : text) {
      if (is_ideograph(c.value)) {
        out.insert(out.end(), {{' ', 0}, {c.value, 1}, {' ', 1}});
      } else {
        out.push_back({c.value, 0});
      }
    }
    rewrite(text, out);
  }
  if (step.strip_accents) {
    apply(UnicodeNormalizer{NormalizationForm::nfd}, text);
    filter(text, [](char32_t c) { return !is_nonspacing_mark(c); });
  }
  if (step.lowercase) lower_all(text);
}

void apply(const LowercaseNormalizer& /*step*/, NormalizedText& text) { lower_all(text); }

void apply(const StripAccentsNormalizer& /*step*/, NormalizedText& text) {
  filter(text, [](char32_t c) { return !is_combining_mark(c); });
}

void apply(const StripNormalizer& step, NormalizedText& text) {
  const auto is_kept = [](const NormalizedCharacter& c) { return !is_white_space(c.value); };
  if (step.right) {
    text.erase(std::find_if(text.rbegin(), text.rend(), is_kept).base(), text.end());
  }
  if (step.left) text.erase(text.begin(), std::find_if(text.begin(), text.end(), is_kept));
}

void apply(const ReplaceNormalizer& step, NormalizedText& text) {
  const auto equal = [](const NormalizedCharacter& c, char32_t p) { return c.value == p; };
  NormalizedText out;
  out.reserve(text.size());
  auto from = text.cbegin();
  while (true) {
    const auto match =
        std::search(from, text.cend(), step.pattern.begin(), step.pattern.end(), equal);
    out.insert(out.end(), from, match);
    if (match == text.cend()) break;
    from = match + static_cast<std::ptrdiff_t>(step.pattern.size());
    const NormalizedCharacter& last = *(from - 1);  // the new characters stand where it stood
    for (const char32_t c : step.content) out.push_back({c, last.begin, last.end});
  }
  text = std::move(out);
}

void apply(const PrependNormalizer& step, NormalizedText& text) {
  if (text.empty()) return;
  NormalizedText out;
  out.reserve(text.size() + step.prefix.size());
  for (const char32_t c : step.prefix) out.push_back({c, text.front().begin, text.front().end});
  out.insert(out.end(), text.begin(), text.end());
  text = std::move(out);
}

}  // namespace

void normalize(const Normalizer& normalizer, NormalizedText& text) {
  for (const NormalizerStep& step : normalizer.steps) {
    std::visit([&text](const auto& known) { apply(known, text); }, step);
  }
}

}  // namespace topograph::detail
