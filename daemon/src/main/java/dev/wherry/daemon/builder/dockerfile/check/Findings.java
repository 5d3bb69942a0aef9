package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is found of rules that are wanted. */
final class Findings {

    private static final String DIRECTIVE = "check=";

    private final CheckOptions options;
    private final List<Finding> found = new ArrayList<>();

    Findings(CheckOptions options) {
        this.options = options;
    }

    /** Adds a finding about an instruction as a whole. */
    void add(Rule rule, SourceInstruction written, String message) {
        add(rule, written, written.position(), message);
    }

    /** Adds a finding about a part of an instruction. */
    void add(Rule rule, SourceInstruction written, Position position, String message) {
        if (wants(rule, written)) {
            int last = Math.max(position.line(), written.position().endLine());
            found.add(new Finding(
                    rule, new Position(position.file(), position.line(), position.column(), last), message));
        }
    }

    /** Adds a finding about a line of an instruction that cannot be read. */
    void addUnread(Rule rule, Position position, String message) {
        if (options.wants(rule)) {
            found.add(new Finding(rule, position, message));
        }
    }

    /** Whether a rule is looked at, here: a comment above an instruction may configure checks for it alone. */
    boolean wants(Rule rule, SourceInstruction written) {
        if (!written.comments().isEmpty()) {
            for (String comment : written.comments()) {
                CheckOptions own = own(comment);
                if (own.skipAll() || own.skipped().contains(rule.title())) {
                    return rule.isExperimental() && own.wants(rule);
                }
                if (rule.isExperimental() && own.wants(rule)) {
                    return true;
                }
            }
        }
        return options.wants(rule);
    }

    /** {@code check=skip=Rule why}: what follows a space is for people. */
    private static CheckOptions own(String comment) {
        if (!comment.startsWith(DIRECTIVE)) {
            return CheckOptions.DEFAULT;
        }
        String value = comment.substring(DIRECTIVE.length()).strip();
        int space = value.indexOf(' ');
        try {
            return CheckOptions.parse(space < 0 ? value : value.substring(0, space));
        } catch (IllegalArgumentException prose) {
            return CheckOptions.DEFAULT;
        }
    }

    List<Finding> inOrder() {
        found.sort(
                Comparator.comparingInt((Finding finding) -> finding.position().line())
                        .thenComparingInt(finding -> finding.position().column()));
        return List.copyOf(found);
    }
}
