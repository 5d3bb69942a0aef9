package dev.wherry.cli.app;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** A page of the manual, written in the man macros of roff: see man(7), and groff_man_style(7) for the manners. */
final class ManPage {
    private final String name;
    private final int section;
    private final StringBuilder roff = new StringBuilder();

    /**
     * Begins a page.
     *
     * @param date of the release, as {@code 2026-01-31}
     * @param release what the page belongs to, as {@code Wherry 1.0.0}
     */
    ManPage(String name, int section, String summary, String date, String release) {
        this.name = name;
        this.section = section;
        roff.append(".TH \"%s\" \"%d\" \"%s\" \"%s\" \"Wherry Manual\"\n"
                .formatted(escaped(name.toUpperCase(Locale.ROOT)), section, escaped(date), escaped(release)));
        // Words of commands are not divided, and the right margin may be ragged.
        roff.append(".nh\n.ad l\n");
        heading("Name");
        roff.append(escaped(name)).append(" \\- ").append(escaped(summary)).append('\n');
    }

    /** Where the page lies below the folder of the manual. */
    String file() {
        return "man" + section + "/" + name + "." + section;
    }

    String text() {
        return roff.toString();
    }

    ManPage heading(String title) {
        roff.append(".SH ").append(escaped(title.toUpperCase(Locale.ROOT))).append('\n');
        return this;
    }

    ManPage paragraph(String text) {
        roff.append(".PP\n").append(line(text));
        return this;
    }

    /**
     * How a program is called.
     *
     * @param words the program and its commands
     * @param forms what may follow them
     */
    ManPage synopsis(String words, List<String> forms) {
        heading("Synopsis");
        for (String form : forms) {
            roff.append(form.equals(forms.getFirst()) ? "" : ".br\n")
                    .append("\\fB")
                    .append(escaped(words))
                    .append("\\fR ")
                    .append(escaped(form))
                    .append('\n');
        }
        return this;
    }

    /** A term, in bold, and what it means. */
    ManPage item(String term, String meaning) {
        return item("\\fB" + escaped(term) + "\\fR", "", meaning);
    }

    private ManPage item(String terms, String value, String meaning) {
        String label = value.isBlank() ? "" : " \\fI" + escaped(value.strip()) + "\\fR";
        roff.append(".TP\n").append(terms).append(label).append('\n').append(line(meaning));
        return this;
    }

    ManPage flag(GlobalFlag flag) {
        return item(bold(flag.names()), flag.value(), flag.description());
    }

    /** All the options of a command. */
    ManPage options(CommandSpec spec) {
        heading("Options");
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                boolean takesValue =
                        option.arity().max() > 0 && !option.typeInfo().isBoolean();
                String meaning = String.join(" ", option.description());
                item(bold(List.of(option.names())), takesValue ? option.paramLabel() : "", meaning);
            }
        }
        return this;
    }

    /** Command lines that show how the command is used. */
    ManPage examples(List<String> lines) {
        return footer(lines.stream().map(example -> "  " + example).toList(), "Examples");
    }

    /**
     * What a help text ends with: lines that begin with blanks are examples, others that end with a colon begin a part of
     * their own.
     */
    ManPage footer(List<String> lines, String firstHeading) {
        boolean inExample = false;
        String heading = firstHeading;
        for (String text : lines) {
            boolean example = text.startsWith(" ");
            if (inExample && !example) {
                roff.append(".EE\n.RE\n");
            }
            if (text.endsWith(":") && !example) {
                heading = text.substring(0, text.length() - 1);
            } else if (!text.isBlank()) {
                if (!heading.isEmpty()) {
                    heading(heading);
                    heading = "";
                }
                if (example && !inExample) {
                    roff.append(".PP\n.RS 4\n.EX\n");
                }
                roff.append(example ? line(text.strip()) : ".PP\n" + line(text));
            }
            inExample = example;
        }
        roff.append(inExample ? ".EE\n.RE\n" : "");
        return this;
    }

    ManPage seeAlso(List<String> pages) {
        heading("See also");
        List<String> references = pages.stream()
                .map(page -> {
                    int bracket = page.indexOf('(');
                    return "\\fB" + escaped(page.substring(0, bracket)) + "\\fR" + page.substring(bracket);
                })
                .toList();
        roff.append(String.join(",\n", references)).append('\n');
        return this;
    }

    private static String bold(List<String> names) {
        return String.join(
                ", ",
                names.stream().map(name -> "\\fB" + escaped(name) + "\\fR").toList());
    }

    private static String line(String text) {
        String escaped = escaped(text);
        // A line that begins with one of these would be a request.
        return (escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "") + escaped + "\n";
    }

    /** Text in which roff finds nothing to obey; hyphens stay what a shell takes. */
    private static String escaped(String text) {
        return text.strip()
                .replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replace("\"", "\\(dq");
    }
}
