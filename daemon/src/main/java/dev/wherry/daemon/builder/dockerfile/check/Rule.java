package dev.wherry.daemon.builder.dockerfile.check;

/** The rules of the reference's build checks, each with its published name. */
public enum Rule {
    STAGE_NAME_CASING("StageNameCasing", "Stage names should be lowercase", "write the stage's name in lower case"),
    FROM_AS_CASING(
            "FromAsCasing",
            "The 'as' keyword should match the case of the 'from' keyword",
            "write FROM and AS in the same case"),
    NO_EMPTY_CONTINUATION(
            "NoEmptyContinuation",
            "Empty continuation lines will become errors in a future release",
            "remove the empty line, or begin it with #"),
    CONSISTENT_INSTRUCTION_CASING(
            "ConsistentInstructionCasing",
            "All commands within the Dockerfile should use the same casing (either upper or lower)",
            "write every instruction in the same case"),
    DUPLICATE_STAGE_NAME(
            "DuplicateStageName",
            "Stage names should be unique",
            "rename one: COPY --from and the target of a build find only the last"),
    RESERVED_STAGE_NAME(
            "ReservedStageName",
            "Reserved words should not be used as stage names",
            "choose a name other than context and scratch"),
    JSON_ARGS_RECOMMENDED(
            "JSONArgsRecommended",
            "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
            "write a JSON array, [\"program\", \"argument\"], or set SHELL when a shell is meant"),
    MAINTAINER_DEPRECATED(
            "MaintainerDeprecated",
            "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
            "write LABEL org.opencontainers.image.authors=\"…\""),
    UNDEFINED_ARG_IN_FROM(
            "UndefinedArgInFrom", "FROM command must use declared ARGs", "declare it with ARG before the first FROM"),
    WORKDIR_RELATIVE_PATH(
            "WorkdirRelativePath",
            "Relative workdir without an absolute workdir declared within the build can have unexpected results if the"
                    + " base image changes",
            "begin the path with /"),
    UNDEFINED_VAR(
            "UndefinedVar",
            "Variables should be defined before their use",
            "declare it in this stage with ARG or ENV, or correct its name"),
    MULTIPLE_INSTRUCTIONS_DISALLOWED(
            "MultipleInstructionsDisallowed",
            "Multiple instructions of the same type should not be used in the same stage",
            "remove this one: a later one replaces it"),
    LEGACY_KEY_VALUE_FORMAT(
            "LegacyKeyValueFormat",
            "Legacy key/value format with whitespace separator should not be used",
            "write key=value, in quotes where the value has spaces"),
    REDUNDANT_TARGET_PLATFORM(
            "RedundantTargetPlatform",
            "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
            "leave --platform out"),
    SECRETS_USED_IN_ARG_OR_ENV(
            "SecretsUsedInArgOrEnv",
            "Sensitive data should not be used in the ARG or ENV commands",
            "pass it as a secret of the build, and use RUN --mount=type=secret"),
    INVALID_DEFAULT_ARG_IN_FROM(
            "InvalidDefaultArgInFrom",
            "Default value for global ARG results in an empty or invalid base image name",
            "give the ARG a default that makes the image's name complete"),
    FROM_PLATFORM_FLAG_CONST_DISALLOWED(
            "FromPlatformFlagConstDisallowed",
            "FROM --platform flag should not use a constant value",
            "leave --platform out or use $BUILDPLATFORM or $TARGETPLATFORM; or name the stage after the platform"),
    COPY_IGNORED_FILE(
            "CopyIgnoredFile",
            "Attempting to Copy file that is excluded by .dockerignore",
            "remove the pattern from .dockerignore, or the source from the instruction"),
    INVALID_DEFINITION_DESCRIPTION(
            "InvalidDefinitionDescription",
            "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this"
                    + " is not intended to be a description comment, add an empty line or comment between the"
                    + " instruction and the comment.",
            "begin the comment with the name, or put an empty line below it",
            true),
    EXPOSE_PROTO_CASING(
            "ExposeProtoCasing",
            "Protocol in EXPOSE instruction should be lowercase",
            "write the protocol in lower case"),
    EXPOSE_INVALID_FORMAT(
            "ExposeInvalidFormat",
            "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a"
                    + " future release",
            "name the container's port only; publish it with run -p");

    private final String title;
    private final String description;
    private final String remedy;
    private final boolean experimental;

    Rule(String title, String description, String remedy) {
        this(title, description, remedy, false);
    }

    Rule(String title, String description, String remedy, boolean experimental) {
        this.title = title;
        this.description = description;
        this.remedy = remedy;
        this.experimental = experimental;
    }

    /** The published name, which {@code # check=skip=…} takes. */
    public String title() {
        return title;
    }

    /** What the rule is about, in the words of the reference. */
    public String description() {
        return description;
    }

    /** What to do, on one line. */
    public String remedy() {
        return remedy;
    }

    /** Whether the rule is off unless {@code experimental=} names it. */
    boolean isExperimental() {
        return experimental;
    }
}
