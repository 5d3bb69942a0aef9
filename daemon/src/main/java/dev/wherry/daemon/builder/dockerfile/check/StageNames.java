package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import java.util.HashSet;
import java.util.Set;

/** Names that find what they should: DuplicateStageName, ReservedStageName. */
final class StageNames implements Check {

    private static final Set<String> RESERVED = Set.of("context", "scratch");
    private static final int NAME = 2;

    private final Set<String> seen = new HashSet<>();

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (!(written.instruction() instanceof From from) || from.name().isEmpty()) {
            return;
        }
        String name = from.name().get();
        if (RESERVED.contains(name)) {
            findings.add(
                    Rule.RESERVED_STAGE_NAME,
                    written,
                    place(written),
                    "Stage name should not use the same name as reserved stage \"" + name + "\"");
        }
        if (!seen.add(name)) {
            findings.add(
                    Rule.DUPLICATE_STAGE_NAME,
                    written,
                    place(written),
                    "Duplicate stage name \"" + name + "\", stage names should be unique");
        }
    }

    private static Position place(SourceInstruction written) {
        return written.fields().get(NAME).position();
    }
}
