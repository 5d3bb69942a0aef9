package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Keywords and stage names in one case: StageNameCasing, FromAsCasing, ConsistentInstructionCasing. */
final class Casing implements Check {

    private static final int AS = 1;
    private static final int NAME = 2;

    private final List<SourceInstruction> inStages = new ArrayList<>();
    private int lower;
    private int upper;

    @Override
    public void see(SourceInstruction written, StageFacts stage, Findings findings) {
        if (stage.isBeforeFirst()) {
            return;
        }
        inStages.add(written);
        if (isLower(written.keyword())) {
            lower++;
        } else if (isUpper(written.keyword())) {
            upper++;
        }
        if (written.instruction() instanceof From from && from.name().isPresent()) {
            from(written, findings);
        }
    }

    private static void from(SourceInstruction written, Findings findings) {
        List<Word> fields = written.fields();
        Word as = fields.get(AS);
        Word name = fields.get(NAME);
        if (!isLower(name.raw())) {
            findings.add(
                    Rule.STAGE_NAME_CASING,
                    written,
                    name.position(),
                    "Stage name '" + name.raw() + "' should be lowercase");
        }
        String keyword = written.keyword();
        // Where FROM itself is of no one case, its own rule says so.
        boolean matches = isLower(keyword) ? isLower(as.raw()) : !isUpper(keyword) || isUpper(as.raw());
        if (!matches) {
            findings.add(
                    Rule.FROM_AS_CASING,
                    written,
                    as.position(),
                    "'" + as.raw() + "' and '" + keyword + "' keywords' casing do not match");
        }
    }

    @Override
    public void end(Findings findings) {
        boolean wantLower = lower > upper;
        for (SourceInstruction written : inStages) {
            String keyword = written.keyword();
            if (!(wantLower ? isLower(keyword) : isUpper(keyword))) {
                findings.add(
                        Rule.CONSISTENT_INSTRUCTION_CASING,
                        written,
                        "Command '" + keyword + "' should match the case of the command majority ("
                                + (wantLower ? "lowercase" : "uppercase") + ")");
            }
        }
    }

    private static boolean isLower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isUpper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT));
    }
}
