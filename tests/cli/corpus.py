"""A small made-up corpus with six plain subjects, the same on every machine."""
import csv
import io

SUBJECTS = {
    "cooking": ("recipe oven butter flour sugar bake cake bread dough kitchen soup onion garlic pepper salt",
                "mix the {0} with {1} and {2} then warm the {3} slowly in the {4}"),
    "football": ("goal striker match league referee penalty midfield coach stadium defender keeper season cup team",
                 "the {0} praised the {1} after the {2} while the {3} watched the {4}"),
    "astronomy": ("galaxy telescope planet orbit nebula comet asteroid supernova moon eclipse star cosmology satellite",
                  "the {0} shows a {1} near the {2} and a faint {3} behind the {4}"),
    "finance": ("stock bond dividend investor market inflation bank portfolio interest currency loan credit budget tax",
                "the {0} raised its {1} because {2} and {3} changed the {4}"),
    "gardening": ("tulip soil seed compost rose pruning shovel greenhouse lawn weed tomato watering fence hedge herb",
                  "plant the {0} beside the {1} and cover the {2} with {3} before the {4}"),
    "software": ("compiler kernel driver package library debugger thread memory database server python function script",
                 "the {0} crashes when the {1} calls the {2} from a {3} without a {4}"),
}


def texts(per_subject=60):
    """(text, subject) pairs; subjects interleaved, words picked by a fixed arithmetic walk."""
    rows = []
    for i in range(per_subject):
        for s, (subject, (words, template)) in enumerate(SUBJECTS.items()):
            words = words.split()
            picks = [words[(i * (3 + k) + 7 * k + s + i // len(words)) % len(words)] for k in range(5)]
            rows.append((template.format(*picks) + f" number {i}", subject))
    return rows


def csv_text(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["text", "label"])
    writer.writerows(rows)
    return out.getvalue()
