package dev.wherry.cli.view.builds;

import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.BuildCheck;
import dev.wherry.v1.BuildWarning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of the checks of a Dockerfile, as {@code wherry build --check} shows them: as text with the lines they are
 * about, or in the form of docker's JSON.
 */
public final class CheckReport {
    private static final String RULER = "--------------------";

    private final List<BuildWarning> warnings;

    public CheckReport(List<BuildWarning> warnings) {
        this.warnings = List.copyOf(warnings);
    }

    /** The lines for people. */
    public List<String> lines() {
        if (warnings.isEmpty()) {
            return List.of("Check complete, no warnings found.");
        }
        List<String> lines = new ArrayList<>();
        lines.add(
                warnings.size() == 1
                        ? "Check complete, 1 warning has been found!"
                        : "Check complete, " + warnings.size() + " warnings have been found!");
        warnings.forEach(warning -> add(lines, warning));
        return lines;
    }

    /** The warnings for people, where a mistake kept the checks from being complete. */
    public List<String> linesBeforeAnError() {
        List<String> lines = new ArrayList<>();
        warnings.forEach(warning -> add(lines, warning));
        return lines;
    }

    private static void add(List<String> lines, BuildWarning warning) {
        BuildCheck check = warning.getCheck();
        lines.add("");
        lines.add("WARNING: " + TerminalText.oneLine(check.getRule()));
        lines.add(TerminalText.oneLine(warning.getMessage()));
        lines.add("To do: " + TerminalText.oneLine(check.getRemedy()));
        lines.add(TerminalText.oneLine(warning.getFile()) + ":" + warning.getLine() + ":" + check.getColumn());
        lines.add(RULER);
        int number = check.getExcerpt().getFirstLine();
        for (String line : check.getExcerpt().getLinesList()) {
            boolean meant = number >= warning.getLine() && number <= check.getEndLine();
            lines.add(String.format(" %3d | %s %s", number, meant ? ">>>" : "   ", TerminalText.sanitised(line))
                    .stripTrailing());
            number++;
        }
        lines.add(RULER);
    }

    /** The same as JSON. */
    public String json() {
        return JsonValues.indented(report());
    }

    /** The same with the mistake that kept the checks from being complete. */
    public String json(String error) {
        Map<String, Object> report = report();
        Map<String, Object> mistake = new LinkedHashMap<>();
        mistake.put("message", error);
        report.put("buildError", mistake);
        return JsonValues.indented(report);
    }

    private Map<String, Object> report() {
        List<Object> found = new ArrayList<>();
        for (BuildWarning warning : warnings) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("ruleName", warning.getCheck().getRule());
            one.put("description", warning.getCheck().getDescription());
            one.put("detail", warning.getMessage());
            one.put("remedy", warning.getCheck().getRemedy());
            one.put(
                    "location",
                    Map.of(
                            "ranges",
                            List.of(range(
                                    warning.getLine(),
                                    warning.getCheck().getColumn(),
                                    warning.getCheck().getEndLine()))));
            found.add(one);
        }
        List<Object> sources = new ArrayList<>();
        warnings.stream().map(BuildWarning::getFile).distinct().forEach(file -> {
            Map<String, Object> source = new LinkedHashMap<>();
            source.put("filename", file);
            source.put("language", "Dockerfile");
            sources.add(source);
        });
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("warnings", found);
        report.put("sources", sources);
        return report;
    }

    private static Map<String, Object> range(int line, int column, int endLine) {
        Map<String, Object> start = new LinkedHashMap<>();
        start.put("line", (long) line);
        start.put("character", (long) column);
        Map<String, Object> range = new LinkedHashMap<>();
        range.put("start", start);
        range.put("end", Map.of("line", (long) endLine));
        return range;
    }
}
