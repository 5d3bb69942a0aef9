package dev.wherry.cli.view;

import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Method;
import dev.wherry.cli.view.template.Template;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows shown as docker shows lists: a table, or what {@code --format} makes of each row.
 *
 * @param headers heading of each field a row has, by the name that templates use
 * @param columns fields of the table that is shown when no format is given
 */
public record Listing(Map<String, String> headers, List<String> columns) {
    private static final String TABLE = "table";
    /** Narrowest column and space between columns, as docker has them. */
    private static final int NARROWEST = 10;

    private static final int GAP = 3;

    /**
     * The text of the rows, with a line end after each line.
     *
     * @param format {@code null} or {@code table} for the table, {@code table TEMPLATE} for another one, {@code json}
     *     for an object a line, else a template applied to each row
     */
    public String show(List<Map<String, Object>> rows, String format) {
        String given = format == null || format.isBlank() ? TABLE : format.strip();
        if (given.equals("json")) {
            return lines(rows.stream().map(JsonValues::compact).toList());
        }
        if (given.equals(TABLE)) {
            return table(columnTemplate(), rows.stream().map(Listing::escaped).toList());
        }
        if (given.startsWith(TABLE + " ") || given.startsWith(TABLE + "\\t")) {
            return table(unescaped(given.substring(TABLE.length())).strip(), rows);
        }
        Template template = Template.parse(unescaped(format));
        return lines(rows.stream()
                .map(row -> TerminalText.escapedLines(template.apply(row)))
                .toList());
    }

    private String table(String source, List<Map<String, Object>> rows) {
        Template template = Template.parse(source);
        Map<String, Object> heading = new LinkedHashMap<>(headers);
        heading.put("Label", (Method) name -> name);
        List<String> shown = new ArrayList<>();
        shown.add(template.apply(heading));
        // A row of a table is a line, whatever is in it.
        rows.forEach(
                row -> shown.add(TerminalText.escapedLines(template.apply(row)).replace("\n", "\\n")));
        return lines(aligned(shown));
    }

    /** Nothing in a row can end a line or a column, or be obeyed by a terminal. */
    private static Map<String, Object> escaped(Map<String, Object> row) {
        Map<String, Object> escaped = new LinkedHashMap<>(row);
        escaped.replaceAll((_, value) -> value instanceof String text ? TerminalText.escaped(text) : value);
        return escaped;
    }

    private String columnTemplate() {
        return columns.stream().map(column -> "{{." + column + "}}").collect(Collectors.joining("\t"));
    }

    private static String unescaped(String format) {
        return format.replace("\\t", "\t").replace("\\n", "\n");
    }

    private static String lines(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Cells that a tab ends get the width of their column. */
    static List<String> aligned(List<String> lines) {
        return aligned(lines, NARROWEST);
    }

    /** As above, where no column is narrower than so many characters. */
    public static List<String> aligned(List<String> lines, int narrowest) {
        List<Integer> widths = new ArrayList<>();
        List<String[]> cells = lines.stream().map(line -> line.split("\t", -1)).toList();
        for (String[] row : cells) {
            for (int i = 0; i < row.length - 1; i++) {
                int width = Math.max(narrowest, length(row[i]) + GAP);
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(width, widths.get(i)));
                }
            }
        }
        return cells.stream().map(row -> aligned(row, widths)).toList();
    }

    private static String aligned(String[] row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.length - 1; i++) {
            line.append(row[i]).repeat(" ", widths.get(i) - length(row[i]));
        }
        return line.append(row[row.length - 1]).toString();
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
