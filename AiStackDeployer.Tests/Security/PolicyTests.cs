using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Core.People;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security;

public sealed class PolicyTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private readonly IAuthorizationService _policies = portal.Services.GetRequiredService<IAuthorizationService>();

    private static DeploymentSnapshot OfOwner => new()
    {
        Id = "dep_1_a", Operation = OperationCatalog.Deploy, StackId = "stk_1_a", Name = StackName.FromStored("owned"), OwnerId = "usr_owner", Url = "http://owned.test", Phase = DeploymentPhase.Running,
        CurrentStep = DeploymentStep.ClaimName, Progress = 0, Steps = [], CreatedAt = DateTimeOffset.UnixEpoch, LastSequence = 1, TraceId = "t",
    };

    [Theory]
    [InlineData(Policies.CancelDeployment)]
    [InlineData(Policies.RetryDeployment)]
    [InlineData(Policies.ViewCredentials)]
    public async Task Only_the_owner_may_touch_a_deployment_or_see_its_password(string policy)
    {
        Assert.True((await _policies.AuthorizeAsync(Person("usr_owner"), OfOwner, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(Person("usr_other"), OfOwner, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), OfOwner, policy)).Succeeded);
        // The claim without a sign-in: nothing signed it.
        Assert.False((await _policies.AuthorizeAsync(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "usr_owner")])), OfOwner, policy)).Succeeded);
    }

    public static TheoryData<string, string, string> Table => new()
    {
        // policy, what a browser needs to be at least (of what is not one's own), which scopes a token needs
        { Policies.ViewOwn, "user", "read" },
        { Policies.StartDeployment, "user", "deploy" },
        { Policies.ViewDeployment, "operator", "read admin" },
        { Policies.CancelDeployment, "never", "" },
        { Policies.RetryDeployment, "never", "" },
        { Policies.ViewCredentials, "never", "" },
        { Policies.DeleteStack, "never", "" },
        { Policies.OperateStack, "never", "" },
        { Policies.ViewAdmin, "operator", "read admin" },
        { Policies.AdministerDeployments, "operator", "manage admin" },
        { Policies.RepairDns, "admin", "admin" },
        { Policies.ManagePeople, "admin", "admin" },
        { Policies.ManagePortal, "admin", "admin" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_is_not_ones_own_takes_a_role_and_with_a_token_the_scope_as_well(string policy, string least, string scopes)
    {
        Assert.False(await MayAsync(new ClaimsPrincipal(new ClaimsIdentity())));
        foreach (var role in Enum.GetValues<Role>())
        {
            var isEnough = Enum.TryParse<Role>(least, ignoreCase: true, out var needed) && role >= needed;
            Assert.Equal(isEnough, await MayAsync(Person("usr_other", role)));
            Assert.Equal(isEnough, await MayAsync(Person("usr_other", role, scopes)));
            foreach (var scope in scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var others = ScopeWords.All.Select(s => s.ToWords()).Where(word => word != scope);
                Assert.False(await MayAsync(Person("usr_other", role, string.Join(' ', others))));
            }
        }

        async Task<bool> MayAsync(ClaimsPrincipal user) => (await _policies.AuthorizeAsync(user, OfOwner, policy)).Succeeded;
    }

    [Theory]
    [InlineData(Policies.ViewDeployment, "read")]
    [InlineData(Policies.CancelDeployment, "deploy")]
    [InlineData(Policies.RetryDeployment, "deploy")]
    [InlineData(Policies.ViewCredentials, "credentials")]
    [InlineData(Policies.DeleteStack, "manage")]
    [InlineData(Policies.OperateStack, "manage")]
    public async Task An_owners_token_needs_the_scope(string policy, string scope)
    {
        Assert.True((await _policies.AuthorizeAsync(Person("usr_owner", Role.User, scope), OfOwner, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(
            Person("usr_owner", Role.Admin, string.Join(' ', ScopeWords.All.Select(s => s.ToWords()).Where(word => word != scope))), OfOwner, policy)).Succeeded
            && policy != Policies.ViewDeployment);
        Assert.False((await _policies.AuthorizeAsync(Person("usr_owner", Role.Admin, ""), OfOwner, policy)).Succeeded);
    }

    [Fact]
    public async Task A_token_makes_itself_no_other_token()
    {
        Assert.True((await _policies.AuthorizeAsync(Person("usr_owner"), null, Policies.ManageOwnAccess)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(Person("usr_owner", Role.Admin, "read deploy manage credentials admin"), null, Policies.ManageOwnAccess)).Succeeded);
    }

    [Fact]
    public async Task The_password_of_a_stack_is_read_by_its_owner_alone()
    {
        var person = portal.NewPerson();
        var started = await person.StartAsync("owned-stack");
        var deployments = portal.Services.GetRequiredService<DeploymentService>();
        var snapshot = (await deployments.FindAsync(started.Text("deploymentId"), TestContext.Current.CancellationToken))!;

        var own = await deployments.GetCredentialsAsync(snapshot.StackId, snapshot.OwnerId, TestContext.Current.CancellationToken);
        var others = await deployments.GetCredentialsAsync(snapshot.StackId, "usr_other", TestContext.Current.CancellationToken);

        Assert.Equal(started["credentials"]!.Text("password"), own!.Password);
        Assert.Null(others);
    }

    private static ClaimsPrincipal Person(string id, Role role = Role.User, string? scopes = null) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, id), new Claim(ClaimTypes.Role, role.ToString()),
            .. scopes is null ? Array.Empty<Claim>() : [new Claim(PersonClaims.Scope, scopes)],
        ],
        "test"));
}
