#include "topograph/report/report.hpp"

#include <string>
#include <string_view>

#include "report/assets.hpp"
#include "report/compress.hpp"
#include "report/escape.hpp"
#include "report/page_data.hpp"

namespace topograph {
namespace {

constexpr std::string_view default_title = "Topic map";

// The page may run what it carries and nothing else: no address of any kind can be reached from it.
constexpr std::string_view head_start =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "form-action 'none'; base-uri 'none'\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

}  // namespace

Result<std::string> render_report(const ReportInput& input, const ReportOptions& options,
                                  RunContext& run) {
  TG_TRY(validate_options(options, "report"));
  const Stage stage(run, "report");
  TG_TRY(const detail::PageData data, detail::pack_page_data(input, options, run));
  TG_TRY(const std::string arrays, detail::gzip(data.arrays, run));
  TG_TRY(const std::string texts, detail::gzip(data.texts, run));

  const std::string_view title = options.title.empty() ? default_title : options.title;
  std::string page;
  page.reserve((arrays.size() + texts.size()) / 3 * 4 + data.json.size() +
               detail::report_js().size() + detail::report_css().size() +
               detail::report_html().size() + 4096);
  page += head_start;
  page += "<title>";
  page += detail::html_text(title);
  page += "</title>\n<style>\n";
  page += detail::report_css();
  page += "</style>\n</head>\n<body>\n";
  page += detail::report_html();
  page += "<script type=\"application/json\" id=\"report-data\">";
  page += data.json;
  page += "</script>\n<script type=\"application/octet-stream\" id=\"report-arrays\">";
  page += detail::base64(arrays);
  page += "</script>\n<script>\n";
  page += detail::report_js();
  // After the program: it draws the map while this is still being read.
  page += "</script>\n<script type=\"application/octet-stream\" id=\"report-texts\">";
  page += detail::base64(texts);
  page += "</script>\n</body>\n</html>\n";
  return page;
}

}  // namespace topograph
