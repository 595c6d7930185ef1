#include "net/curl_library.hpp"

#include <dlfcn.h>

#include <string>

namespace topograph::detail {
namespace {

struct Loaded {
  CurlLibrary library = {};
  std::string problem = {};
};

void* open_library() {
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"}) {
    if (void* handle = ::dlopen(name, RTLD_NOW | RTLD_LOCAL)) return handle;
  }
  return nullptr;
}

template <class Function>
void find(void* handle, const char* name, Function& function, std::string& problem) {
  function = reinterpret_cast<Function>(::dlsym(handle, name));
  if (function == nullptr) problem = std::string("libcurl has no function ") + name;
}

Loaded load() {
  Loaded loaded;
  void* handle = open_library();
  if (handle == nullptr) {
    loaded.problem = "libcurl is not installed";
    return loaded;
  }
  CurlLibrary& curl = loaded.library;
  const auto get = [&](const char* name, auto& function) {
    find(handle, name, function, loaded.problem);
  };
  get("curl_easy_init", curl.easy_init);
  get("curl_easy_cleanup", curl.easy_cleanup);
  get("curl_easy_reset", curl.easy_reset);
  get("curl_easy_setopt", curl.easy_setopt);
  get("curl_easy_getinfo", curl.easy_getinfo);
  get("curl_easy_strerror", curl.easy_strerror);
  get("curl_slist_append", curl.slist_append);
  get("curl_slist_free_all", curl.slist_free_all);
  get("curl_multi_init", curl.multi_init);
  get("curl_multi_cleanup", curl.multi_cleanup);
  get("curl_multi_add_handle", curl.multi_add_handle);
  get("curl_multi_remove_handle", curl.multi_remove_handle);
  get("curl_multi_perform", curl.multi_perform);
  get("curl_multi_poll", curl.multi_poll);
  get("curl_multi_info_read", curl.multi_info_read);
  decltype(&::curl_global_init) global_init = nullptr;
  get("curl_global_init", global_init);
  if (loaded.problem.empty() && global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    loaded.problem = "libcurl cannot be initialised";
  }
  return loaded;
}

}  // namespace

Result<const CurlLibrary*> curl_library() {
  static const Loaded loaded = load();
  if (loaded.problem.empty()) return &loaded.library;
  return std::unexpected(Error{.code = ErrorCode::unsupported,
                               .message = loaded.problem,
                               .hint = "install libcurl (Debian: libcurl4)",
                               .subject = Subject::program});
}

}  // namespace topograph::detail
