#include <utility>

#include "embed/adapted_embedder.hpp"
#include "embed/static/static_files.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/embed/model_store.hpp"
#include "topograph/embed/tfidf.hpp"

namespace topograph {

Result<std::unique_ptr<Embedder>> open_embedder(const EmbedOptions& options, RunContext& run) {
  if (run.stop_requested()) return cancelled();
  if (is_endpoint(options)) {
    TG_TRY(auto endpoint, open_endpoint(options, run));
    return detail::adapt_embedder(std::move(endpoint), {}, options);
  }
  if (is_tfidf(options)) {
    return option_error("embed.model", "tfidf is fitted on the documents of `fit` and `embed`",
                        "choose another model here");
  }
  TG_TRY(const auto folder, find_model(options.model));
  if (detail::find_static_layout(folder)) return open_static(folder, options);
  return open_encoder(folder, options);
}

}  // namespace topograph
