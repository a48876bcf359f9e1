using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Web.Resources;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>A part of the page on which administrators decide things for the whole portal.</summary>
public abstract class CarePanel : ComponentBase
{
    private bool _isBusy;

    [Inject]
    private ISnackbar Messages { get; set; } = null!;

    [Inject]
    private ILogger<CarePanel> Log { get; set; } = null!;

    [Inject]
    protected IStringLocalizer<CareTexts> T { get; set; } = null!;

    [Inject]
    private IStringLocalizer<PageTexts> Pages { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    protected bool IsBusy => _isBusy;

    /// <summary>What is decided now; asked at the beginning and after each change.</summary>
    protected abstract Task ReadAsync();

    protected sealed override Task OnInitializedAsync() => TryAsync(ReadAsync);

    /// <param name="act">False = it was not allowed.</param>
    private protected async Task ActAsync(Func<Actor, Task<bool>> act, string done)
    {
        if (_isBusy)
        {
            return;
        }
        _isBusy = true;
        await TryAsync(async () =>
        {
            var isDone = await act(Actor.Of(await Authentication.UserAsync()));
            Messages.Add(isDone ? done : Pages["dep-not-allowed"].Value, isDone ? Severity.Normal : Severity.Warning);
            await ReadAsync();
        });
        _isBusy = false;
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StorageUnavailableException e)
        {
            Log.ListUnavailable(e);
            Messages.Add(T["trouble"], Severity.Warning);
        }
    }
}
