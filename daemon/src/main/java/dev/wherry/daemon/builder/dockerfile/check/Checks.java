package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.SourceInstruction;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Runs all checks in one pass over a Dockerfile. */
public final class Checks {

    /** The rules that BuildKit applies to each instruction as it reads it. */
    private static final Set<Rule> WHILE_READING = EnumSet.of(
            Rule.NO_EMPTY_CONTINUATION,
            Rule.MAINTAINER_DEPRECATED,
            Rule.STAGE_NAME_CASING,
            Rule.FROM_AS_CASING,
            Rule.INVALID_DEFINITION_DESCRIPTION);

    private Checks() {}

    /**
     * What is found in a file that cannot be parsed, in the order of the file: the rules that BuildKit applies to each
     * instruction up to the first unreadable one, and empty continuation lines, which it finds in the whole file.
     */
    public static List<Finding> of(Dockerfile.Beginning beginning, CheckOptions options) {
        Findings findings = new Findings(options);
        List<Check> checks = List.of(new Casing(), new StageNames(), new LegacySyntax(), new Descriptions());
        StageFacts reading = StageFacts.ofReading();
        for (SourceInstruction written : beginning.instructions()) {
            checks.forEach(check -> check.see(written, reading, findings));
        }
        checks.forEach(check -> check.end(findings));
        beginning
                .emptyContinuations()
                .forEach(place ->
                        findings.addUnread(Rule.NO_EMPTY_CONTINUATION, place, LegacySyntax.EMPTY_CONTINUATION));
        return findings.inOrder().stream()
                .filter(finding -> WHILE_READING.contains(finding.rule()))
                .toList();
    }

    /** What is found, in the order of the file. */
    public static List<Finding> of(Dockerfile dockerfile, CheckOptions options, CheckContext surroundings) {
        Findings findings = new Findings(options);
        List<Check> always = List.of(new Casing(), new StageNames(), new LegacySyntax(), new Descriptions());
        List<Check> inStages = List.of(
                new BaseNames(dockerfile, surroundings),
                new Variables(dockerfile),
                new CommandForms(),
                new Secrets(),
                new Ports(),
                new Workdirs(),
                new IgnoredSources(surroundings.ignored()));
        List<StageFacts> stages = new ArrayList<>();
        StageFacts current = StageFacts.beforeFirst(surroundings);
        boolean checked = true;
        for (SourceInstruction written : dockerfile.written()) {
            if (written.instruction() instanceof From from) {
                Stage stage = dockerfile.stages().get(stages.size());
                checked = surroundings.stages().test(stage);
                current = StageFacts.of(from, dockerfile, stages, surroundings);
                stages.add(current);
            }
            for (Check check : always) {
                check.see(written, current, findings);
            }
            if (checked) {
                for (Check check : inStages) {
                    check.see(written, current, findings);
                }
            }
            current.take(written.instruction());
        }
        always.forEach(check -> check.end(findings));
        inStages.forEach(check -> check.end(findings));
        return findings.inOrder();
    }
}
