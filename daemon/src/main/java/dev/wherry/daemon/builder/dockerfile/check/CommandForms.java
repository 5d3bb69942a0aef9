package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Cmd;
import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.instruction.Entrypoint;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a container runs: JSONArgsRecommended, MultipleInstructionsDisallowed. */
final class CommandForms implements Check {

    private static final Set<String> ONCE = Set.of("CMD", "ENTRYPOINT", "HEALTHCHECK");

    private final Map<String, SourceInstruction> last = new HashMap<>();

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        switch (written.instruction()) {
            case From from -> last.clear();
            case Cmd cmd -> form(cmd.command(), written, stage, findings);
            case Entrypoint entrypoint -> form(entrypoint.command(), written, stage, findings);
            default -> {}
        }
        String keyword = written.keyword().toUpperCase(Locale.ROOT);
        if (ONCE.contains(keyword)) {
            SourceInstruction before = last.put(keyword, written);
            if (before != null) {
                // The earlier one is the one that has no effect.
                findings.add(
                        Rule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
                        before,
                        "Multiple " + written.keyword()
                                + " instructions should not be used in the same stage because only the last one will"
                                + " be used");
            }
        }
    }

    private static void form(CommandLine command, SourceInstruction written, StageFacts stage, Findings findings) {
        if (command instanceof CommandLine.Shell && !stage.hasShell()) {
            findings.add(
                    Rule.JSON_ARGS_RECOMMENDED,
                    written,
                    "JSON arguments recommended for " + written.keyword()
                            + " to prevent unintended behavior related to OS signals");
        }
    }
}
