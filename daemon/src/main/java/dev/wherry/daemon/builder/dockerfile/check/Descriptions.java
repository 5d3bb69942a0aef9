package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import java.util.List;

/** Comments that look like descriptions of something else: InvalidDefinitionDescription. */
final class Descriptions implements Check {

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (written.comments().isEmpty()) {
            return;
        }
        if (written.instruction() instanceof From from && from.name().isPresent()) {
            check("FROM", List.of(from.name().get()), written, findings);
        } else if (written.instruction() instanceof Arg arg) {
            List<String> names = arg.declarations().stream()
                    .map(declaration -> declaration.name().raw())
                    .toList();
            check("ARG", names, written, findings);
        }
    }

    private static void check(String keyword, List<String> names, SourceInstruction written, Findings findings) {
        String comment = written.comments().getLast();
        int space = comment.indexOf(' ');
        if (!names.contains(space < 0 ? comment : comment.substring(0, space))) {
            String example = names.size() == 1 ? names.getFirst() : "<arg_key>";
            findings.add(
                    Rule.INVALID_DEFINITION_DESCRIPTION,
                    written,
                    "Comment for " + keyword + " should follow the format: `# " + example + " <description>`");
        }
    }
}
