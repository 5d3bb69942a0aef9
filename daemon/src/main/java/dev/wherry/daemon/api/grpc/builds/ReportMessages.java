package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.dockerfile.check.Rule;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.builder.report.Outline;
import dev.wherry.daemon.builder.report.Target;
import dev.wherry.v1.BuildCheck;
import dev.wherry.v1.BuildOutline;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.BuildTarget;
import dev.wherry.v1.BuildWarning;
import dev.wherry.v1.OutlineArg;
import dev.wherry.v1.OutlineMount;
import dev.wherry.v1.SourceExcerpt;
import java.util.List;

/** What is told of a Dockerfile, in messages. */
final class ReportMessages {
    private ReportMessages() {}

    static BuildWarning warning(Warning warning) {
        BuildWarning.Builder message = BuildWarning.newBuilder()
                .setFile(warning.file())
                .setLine(warning.line())
                .setMessage(warning.message());
        warning.finding().ifPresent(finding -> {
            Rule rule = finding.rule();
            message.setCheck(BuildCheck.newBuilder()
                    .setRule(rule.title())
                    .setDescription(rule.description())
                    .setRemedy(rule.remedy())
                    .setColumn(finding.position().column())
                    .setEndLine(finding.position().endLine())
                    .setExcerpt(SourceExcerpt.newBuilder()
                            .setFirstLine(warning.firstLine())
                            .addAllLines(warning.excerpt())));
        });
        return message.build();
    }

    static BuildResult result(Outline outline) {
        BuildOutline.Builder message = BuildOutline.newBuilder()
                .setName(outline.name())
                .setDescription(outline.description())
                .addAllSecrets(mounts(outline.secrets()))
                .addAllSsh(mounts(outline.ssh()));
        outline.args()
                .forEach(arg -> message.addArgs(OutlineArg.newBuilder()
                        .setName(arg.name())
                        .setDescription(arg.description())
                        .setValue(arg.value())
                        .setLine(arg.line())));
        return BuildResult.newBuilder().setOutline(message).build();
    }

    private static List<OutlineMount> mounts(List<Outline.Mount> mounts) {
        return mounts.stream()
                .map(mount -> OutlineMount.newBuilder()
                        .setId(mount.id())
                        .setRequired(mount.required())
                        .setLine(mount.line())
                        .build())
                .toList();
    }

    static BuildResult result(List<Target> targets) {
        BuildResult.Builder result = BuildResult.newBuilder();
        targets.forEach(target -> result.addTargets(BuildTarget.newBuilder()
                .setName(target.name())
                .setDescription(target.description())
                .setIsDefault(target.isDefault())
                .setBase(target.base())
                .setPlatform(target.platform())
                .setLine(target.line())));
        return result.build();
    }
}
