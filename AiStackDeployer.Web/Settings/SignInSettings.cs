using AiStackDeployer.Core.People;

namespace AiStackDeployer.Web.Settings;

/// <summary>How the portal knows who somebody is.</summary>
public enum AuthMode
{
    /// <summary>By the company's identity provider.</summary>
    Oidc,

    /// <summary>In Development: a page on which one picks a test person.</summary>
    Development,

    /// <summary>Not at all: whoever reaches the portal is an administrator, and each browser another person.</summary>
    None,
}

/// <param name="Oidc">Only with <see cref="AuthMode.Oidc"/>.</param>
public sealed record SignInSettings(AuthMode Mode, OidcSettings? Oidc);

/// <summary>The identity provider, and what of its word the portal takes.</summary>
public sealed record OidcSettings
{
    /// <summary>The issuer's address; its metadata is at <c>/.well-known/openid-configuration</c> below it.</summary>
    public required Uri Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Null = a public client: code and PKCE alone.</summary>
    public required string? ClientSecret { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The claim that has the name people are shown by.</summary>
    public required string NameClaim { get; init; }

    /// <summary>The claim that has groups or roles.</summary>
    public required string GroupsClaim { get; init; }

    /// <summary>Empty = whoever the provider signs in.</summary>
    public required IReadOnlyList<string> AllowedGroups { get; init; }

    public required IReadOnlyList<string> OperatorGroups { get; init; }

    public required IReadOnlyList<string> AdminGroups { get; init; }

    /// <summary>Null = this person may not use the portal.</summary>
    public Role? RoleOf(IReadOnlyCollection<string> groups) =>
        groups.Intersect(AdminGroups).Any() ? Role.Admin
        : groups.Intersect(OperatorGroups).Any() ? Role.Operator
        : AllowedGroups.Count == 0 || groups.Intersect(AllowedGroups).Any() ? Role.User
        : null;
}

public sealed partial record PortalSettings
{
    private static readonly Dictionary<string, AuthMode> AuthModes = new()
    {
        ["oidc"] = AuthMode.Oidc, ["development"] = AuthMode.Development, ["none"] = AuthMode.None,
    };

    public required SignInSettings SignIn { get; init; }

    private static SignInSettings ReadSignIn(SettingsReader reader, bool development)
    {
        var authority = reader.Address("OIDC_AUTHORITY");
        var oidc = new OidcSettings
        {
            Authority = authority ?? new Uri("https://unset.invalid"),
            ClientId = reader.Text("OIDC_CLIENT_ID", ""),
            ClientSecret = reader.Text("OIDC_CLIENT_SECRET"),
            // The address is asked for where there is something to send.
            Scopes = reader.Text("OIDC_SCOPES", reader.Text("SMTP_HOST") is null ? "openid profile" : "openid profile email").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            NameClaim = reader.Text("OIDC_NAME_CLAIM", "name"),
            GroupsClaim = reader.Text("OIDC_GROUPS_CLAIM", "groups"),
            AllowedGroups = reader.List("OIDC_ALLOWED_GROUPS"),
            OperatorGroups = reader.List("OIDC_OPERATOR_GROUPS"),
            AdminGroups = reader.List("OIDC_ADMIN_GROUPS"),
        };
        var mode = reader.OneOf("AUTH", authority is null && development ? AuthMode.Development : AuthMode.Oidc, AuthModes);
        if (mode == AuthMode.Development && !development)
        {
            reader.Fault("AUTH", "may be \"development\" in Development only: anybody would be whoever they like.");
        }
        if (mode != AuthMode.Oidc)
        {
            return new SignInSettings(mode, null);
        }
        if (reader.Text("OIDC_AUTHORITY") is null)
        {
            reader.Fault("OIDC_AUTHORITY", "is not set: the address of your identity provider, e.g. https://login.example.org/realms/company. (AUTH=none: nobody signs in.)");
        }
        else if (authority is { Scheme: "http" } && !development && !authority.IsLoopback)
        {
            reader.Fault("OIDC_AUTHORITY", "must begin with https://: whoever reads along could sign in as anybody.");
        }
        if (authority is not null && oidc.ClientId.Length == 0)
        {
            reader.Fault("OIDC_CLIENT_ID", "is not set: the id under which your identity provider knows the portal.");
        }
        if (!oidc.Scopes.Contains("openid"))
        {
            reader.Fault("OIDC_SCOPES", "must have openid among its words, which are separated by spaces.");
        }
        return new SignInSettings(mode, oidc);
    }
}
