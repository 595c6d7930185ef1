#include "tokenize/normalizer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "tokenize/byte_alphabet.hpp"

namespace topograph::detail {
namespace {

template <class Keep>
void filter(NormalizedText& text, Keep keep) {
  std::erase_if(text, [&](const NormalizedCharacter& c) { return !keep(c.value); });
}

void lower_all(NormalizedText& text, NormalizeScratch& scratch) {
  const auto is_ascii = [](const NormalizedCharacter& c) { return c.value < 0x80; };
  if (std::ranges::all_of(text, is_ascii)) {
    for (NormalizedCharacter& c : text) {
      if (c.value >= 'A' && c.value <= 'Z') c.value += 'a' - 'A';
    }
    return;
  }
  scratch.rewritten.clear();
  for (const NormalizedCharacter& c : text) {
    std::int32_t change = 0;
    for (const char32_t lower : lower_case(c.value)) {
      scratch.rewritten.push_back({lower, change});
      change = 1;
    }
  }
  rewrite(text, scratch.rewritten, scratch.spare);
}

/// Decomposes and puts combining marks in canonical order. The changes move with the marks: that is
/// how the peer aligns them, and what counts is their number between two starters.
void decompose_all(const NormalizedText& text, bool compatible,
                   std::vector<DecomposedCharacter>& out) {
  out.clear();
  std::size_t run_begin = 0;
  const auto sort_run = [&](std::size_t end) {
    if (end - run_begin < 2) return;
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(run_begin),
                     out.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const DecomposedCharacter& a, const DecomposedCharacter& b) {
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
}

/// Canonical composition over decomposed text: each starter takes the marks that no mark of the
/// same or a higher class separates from it.
void compose_all(const std::vector<DecomposedCharacter>& in, std::vector<RewrittenCharacter>& out) {
  out.clear();
  std::optional<std::size_t> starter;  // index in `out` of the character that may still grow
  int last_class = -1;                 // class of the last mark left between it and here
  for (const DecomposedCharacter& d : in) {
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
}

void apply(const UnicodeNormalizer& step, NormalizedText& text, NormalizeScratch& scratch) {
  if (std::ranges::all_of(
          text, [&](const NormalizedCharacter& c) { return is_stable(c.value, step.form); })) {
    return;
  }
  const bool compatible =
      step.form == NormalizationForm::nfkc || step.form == NormalizationForm::nfkd;
  const bool composed = step.form == NormalizationForm::nfc || step.form == NormalizationForm::nfkc;
  decompose_all(text, compatible, scratch.decomposed);
  if (composed) {
    compose_all(scratch.decomposed, scratch.rewritten);
  } else {
    scratch.rewritten.clear();
    for (const DecomposedCharacter& d : scratch.decomposed) {
      scratch.rewritten.push_back({d.value, d.change});
    }
  }
  rewrite(text, scratch.rewritten, scratch.spare);
}

void apply(const BertNormalizer& step, NormalizedText& text, NormalizeScratch& scratch) {
  if (step.clean_text) {
    filter(text, [](char32_t c) { return !is_cleaned_away(c); });
    for (NormalizedCharacter& c : text) {
      if (is_white_space(c.value)) c.value = ' ';
    }
  }
  if (step.handle_chinese_chars) {
    scratch.rewritten.clear();
    for (const NormalizedCharacter& c : text) {
      if (is_ideograph(c.value)) {
        scratch.rewritten.insert(scratch.rewritten.end(), {{' ', 0}, {c.value, 1}, {' ', 1}});
      } else {
        scratch.rewritten.push_back({c.value, 0});
      }
    }
    rewrite(text, scratch.rewritten, scratch.spare);
  }
  if (step.strip_accents) {
    apply(UnicodeNormalizer{NormalizationForm::nfd}, text, scratch);
    filter(text, [](char32_t c) { return !is_nonspacing_mark(c); });
  }
  if (step.lowercase) lower_all(text, scratch);
}

void apply(const LowercaseNormalizer& /*step*/, NormalizedText& text, NormalizeScratch& scratch) {
  lower_all(text, scratch);
}

void apply(const StripAccentsNormalizer& /*step*/, NormalizedText& text,
           NormalizeScratch& /*scratch*/) {
  filter(text, [](char32_t c) { return !is_combining_mark(c); });
}

/// The characters are those of SentencePiece's first rules for machine translation.
void apply(const NmtNormalizer& /*step*/, NormalizedText& text, NormalizeScratch& /*scratch*/) {
  filter(text, [](char32_t c) {
    const bool is_control = (c >= 0x01 && c <= 0x08) || c == 0x0B || (c >= 0x0E && c <= 0x1F);
    return !is_control && c != 0x7F && c != 0x8F && c != 0x9F;
  });
  for (NormalizedCharacter& c : text) {
    const char32_t v = c.value;
    const bool is_blank = v == 0x09 || v == 0x0A || v == 0x0C || v == 0x0D || v == 0x1680 ||
                          (v >= 0x200B && v <= 0x200F) || v == 0x2028 || v == 0x2029 ||
                          v == 0x2581 || v == 0xFEFF || v == 0xFFFD;
    if (is_blank) c.value = ' ';
  }
}

void apply(const StripNormalizer& step, NormalizedText& text, NormalizeScratch& /*scratch*/) {
  const auto is_kept = [](const NormalizedCharacter& c) { return !is_white_space(c.value); };
  if (step.right) {
    text.erase(std::find_if(text.rbegin(), text.rend(), is_kept).base(), text.end());
  }
  if (step.left) text.erase(text.begin(), std::find_if(text.begin(), text.end(), is_kept));
}

void apply(const ReplaceNormalizer& step, NormalizedText& text, NormalizeScratch& scratch) {
  if (text.empty()) return;
  step.pattern.find(text, scratch.patterns, scratch.matches);
  if (scratch.matches.empty()) return;
  NormalizedText& out = scratch.spare;
  out.clear();
  std::size_t done = 0;
  const auto copy_until = [&](std::size_t end) {
    out.insert(out.end(), text.begin() + static_cast<std::ptrdiff_t>(done),
               text.begin() + static_cast<std::ptrdiff_t>(end));
  };
  for (const CharacterRange match : scratch.matches) {
    copy_until(match.begin);
    // The new characters stand where the last one before the end of the match stood.
    const NormalizedCharacter last = match.end > 0 ? text[match.end - 1] : NormalizedCharacter{};
    for (const char32_t c : step.content) out.push_back({c, last.begin, last.end});
    done = match.end;
  }
  copy_until(text.size());
  std::swap(text, out);
}

void apply(const PrependNormalizer& step, NormalizedText& text, NormalizeScratch& /*scratch*/) {
  if (text.empty()) return;
  const NormalizedCharacter first = text.front();
  text.insert(text.begin(), step.prefix.size(), first);
  for (std::size_t i = 0; i < step.prefix.size(); ++i) text[i].value = step.prefix[i];
}

void apply(const PrecompiledNormalizer& step, NormalizedText& text, NormalizeScratch& scratch) {
  step.rules.apply(text, scratch.rewritten, scratch.spare);
}

void apply(const ByteLevelNormalizer& /*step*/, NormalizedText& text, NormalizeScratch& scratch) {
  expand_bytes(text, scratch.spare);
  std::swap(text, scratch.spare);
}

}  // namespace

void normalize(const Normalizer& normalizer, NormalizedText& text, NormalizeScratch& scratch) {
  for (const NormalizerStep& step : normalizer.steps) {
    std::visit([&](const auto& known) { apply(known, text, scratch); }, step);
  }
}

}  // namespace topograph::detail
