#include "embed/encoder/calibration_texts.hpp"

#include <array>

namespace topograph::detail {
namespace {

constexpr std::array<std::string_view, 53> kTexts{
    "How do I activate my new card before I travel abroad next week?",
    "The transfer failed twice, and now the money is missing from my account.",
    "Why was I charged a fee for withdrawing cash?",
    "Please cancel my order and send the refund to the same bank account.",
    "SQL: join two tables on several columns and keep only the latest row",
    "Why does my Python script raise a KeyError when the dictionary is empty?",
    "Segmentation fault (core dumped) after linking libssl 3.0 on Debian 12",
    "git rebase --onto main: how can I undo it?",
    "We propose a simple method for learning sentence representations from unlabeled text and show "
    "that it improves results on nine benchmarks.",
    "The protein binds to the receptor with high affinity; mutations at position 153 abolish the "
    "interaction entirely.",
    "A 54-year-old patient was admitted with acute chest pain, shortness of breath and a blood "
    "pressure of 165/95 mmHg.",
    "The court held that the agreement was void because neither party had signed the second page.",
    "Stock markets fell sharply on Monday as investors worried about rising interest rates and "
    "weak demand.",
    "Government approves new budget, opposition calls for a vote of no confidence",
    "Scientists discover water vapour in the atmosphere of a distant planet",
    "The home team won 3-1 after extra time; their goalkeeper saved two penalties.",
    "lol that movie was sooo bad, i want my two hours back 😂😂",
    "Happy birthday!!! ❤️🎉 hope you have the best day ever",
    "omg can't believe it's already december #winter @friend",
    "Preheat the oven to 180 °C, whisk three eggs with the sugar, fold in the flour and bake for "
    "35 minutes.",
    "She closed the door quietly, put her coat on the chair and listened to the rain on the roof.",
    "Once the bridge was finished, the two villages, which had not spoken for a century, shared a "
    "market.",
    "From: a.miller@example.org Subject: Re: old hard drives - I still have two 120 MB disks for "
    "sale, make an offer.",
    "In article <1993@example.org> he wrote that the engine needs a new timing belt; I disagree, "
    "it is the pump.",
    "The left wing argued that the tax would hurt small farmers, while the ministry insisted that "
    "it would not.",
    "Does anyone know whether this graphics driver supports 24-bit color under X11?",
    "Small library for reading configuration files; supports TOML, YAML and environment variables.",
    "shared library for image processing - development files",
    "The hotel was clean and the staff friendly, but the breakfast was cold and the room smelled "
    "of smoke.",
    "Battery died after three weeks. Do not buy!",
    "Great value for money, fast delivery, would recommend to a friend.",
    "What is the difference between a virus and a bacterium?",
    "Theorem 2. Let f be continuous on [a, b]; then f attains its maximum and its minimum.",
    "x = (-b ± sqrt(b^2 - 4ac)) / (2a)", "1 2 3 4 5 6 7 8 9 10 100 1000 3.14159 2.71828",
    "ERROR 2021-07-14T09:31:07Z worker-3 timeout after 30000 ms: "
    "http://example.org/api/v2/items?id=42",
    "def area(radius): return 3.14159 * radius ** 2",
    "{\"name\": \"sensor\", \"values\": [1, 2, 3], \"active\": true}",
    "Der Zug nach Hamburg fällt heute wegen einer Störung leider aus.",
    "Les élèves ont visité le musée et dessiné leurs tableaux préférés.",
    "El precio del aceite ha subido por tercera vez en lo que va de año.",
    "Il ponte vecchio è stato chiuso al traffico per tutta la settimana.",
    "A reunião foi adiada para a próxima terça-feira por causa da greve.",
    "Погода завтра будет холодной, возможен снег с дождём.",
    "Kitap fuarı bu yıl ilk kez iki ayrı şehirde birden düzenleniyor.",
    "今天下午我们在图书馆讨论了新的研究计划。", "明日の会議は午後三時から始まります。",
    "이 식당의 김치찌개는 정말 맛있어요.", "ستفتح المكتبة الجديدة أبوابها في الأسبوع القادم.",
    "मुझे कल सुबह जल्दी स्टेशन पहुँचना है।", "ok", "Hello",
    // Long texts reach positions that short ones do not.
    "The river rises in the hills north of the town, crosses a broad plain and reaches the sea "
    "after two hundred kilometres. For most of its course it is slow and shallow; only after the "
    "spring rains can boats travel as far as the old mill. The first bridge was built of wood in "
    "1412 and burned down twice. Its successor, with seven arches of grey stone, still carries the "
    "road to the market, though heavy lorries have had to use the ring road since 2008. Engineers "
    "who examined the piers last year found cracks in three of them and recommended repairs that "
    "would cost about 4.5 million euros. The council has not decided yet. Some members want a new "
    "bridge beside the old one, others fear for the meadows, where storks, otters and several rare "
    "orchids live. A petition against the plan was signed by 3,200 people, among them many "
    "students of the nearby university. Meanwhile the ferry, which had been closed for a decade, "
    "runs again on summer weekends; tickets can be bought on board or online, children under six "
    "travel free of charge, and bicycles are welcome if there is room."};

}  // namespace

std::span<const std::string_view> calibration_texts() { return kTexts; }

}  // namespace topograph::detail
