using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Stacks;
using AiStackDeployer.Web.Presentation;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;

namespace AiStackDeployer.Web.Components.Admin;

/// <summary>All stacks: what is shown stands in the address, so a link can be sent and the browser's back button works.</summary>
public sealed partial class StacksGrid
{
    private const string Page = "admin";

    /// <summary>Without a pager of its own the grid sorts what it was given once more; by this it keeps the order of the database, and of places.</summary>
    private static readonly Func<GridRow, object> AsRead = _ => 0;

    private readonly CancellationTokenSource _leaving = new();

    /// <summary>The ids of stacks, kept over pages and reloads, which the grid's own selection is not.</summary>
    private readonly HashSet<string> _selected = [];

    private MudDataGrid<GridRow>? _grid;
    private StacksView _view = new();
    private StacksView? _shownView;
    private string? _ownerName;
    private IReadOnlyList<GridRow> _rows = [];
    private int _total;
    private bool _isInterrupted;
    private bool _showsFilters;
    private bool _mayHandOver;

    /// <summary>While the focus or the pointer is in the grid nothing moves: a press would meet another row, and a row that changes its place loses the focus.</summary>
    private bool _isFocused;

    private bool _isUnderPointer;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    private int PageCount => (_total + StacksView.PageSize - 1) / StacksView.PageSize;

    private bool IsPageSelected => _rows.Count > 0 && _rows.All(row => _selected.Contains(row.Id));

    protected override async Task OnInitializedAsync()
    {
        _view = StacksView.Of(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        _mayHandOver = Authentication is not null && (await Authorization.AuthorizeAsync((await Authentication).User, null, Policies.ManagePeople)).Succeeded;
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <summary>Reads the page that is shown again.</summary>
    public Task ReloadAsync() => _grid?.ReloadServerData() ?? Task.CompletedTask;

    /// <summary>A link to another view, or the browser's back button.</summary>
    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath == new Uri(new Uri(Navigation.BaseUri), Page).AbsolutePath)
        {
            _ = InvokeAsync(() => ShowAsync(StacksView.Of(change.Location)));
        }
    }

    /// <param name="isTyping">A new entry of the history for each key would be of no use.</param>
    private async Task ChangeAsync(StacksView view, bool isTyping = false)
    {
        // Whoever asks for other stacks begins at their first page.
        view = view.Shows(_view) ? view : view with { Page = 0 };
        if (view.AddressOf("") == _view.AddressOf(""))
        {
            return;
        }
        await (isTyping ? Tab.SetAddressAsync(view.AddressOf(Page), _leaving.Token) : Tab.PushAddressAsync(view.AddressOf(Page), _leaving.Token));
        await ShowAsync(view);
    }

    private async Task ShowAsync(StacksView view)
    {
        var before = _view;
        _view = view;
        if (_grid is not null && (before.Sort != view.Sort || before.Descending != view.Descending))
        {
            // This reads as well.
            await _grid.SetSortAsync(view.Sort.ToString(), view.Descending ? SortDirection.Descending : SortDirection.Ascending, AsRead);
        }
        else
        {
            await ReloadAsync();
        }
        StateHasChanged();
    }

    private async Task<GridData<GridRow>> ReadAsync(GridState<GridRow> state, CancellationToken cancellationToken)
    {
        await FollowSortAsync(state.SortDefinitions.FirstOrDefault());
        var asked = _view;
        try
        {
            var page = await Deployments.ListStacksAsync(asked.ToQuery(Time.GetUtcNow()), cancellationToken);
            Checks.CheckSoon(page.Rows.Select(r => r.Stack.Id));
            _isInterrupted = false;
            var names = await People.NamesAsync([.. page.Rows.Select(r => r.Stack.OwnerId).Append(asked.Owner).OfType<string>().Distinct()], cancellationToken);
            IReadOnlyList<GridRow> read = [.. page.Rows.Select(r => new GridRow(r, names.GetValueOrDefault(r.Stack.OwnerId)))];
            _rows = (_isFocused || _isUnderPointer) && _shownView?.AddressOf("") == asked.AddressOf("") ? InTheirPlaces(read) : read;
            (_shownView, _total) = (asked, page.Total);
            _ownerName = asked.Owner is { } owner ? names.GetValueOrDefault(owner, owner) : null;
            if (_rows.Count == 0 && asked.Page > 0 && _total > 0)
            {
                // The page went away under its reader.
                _view = asked with { Page = PageCount - 1 };
                return await ReadAsync(state, cancellationToken);
            }
            await InvokeAsync(StateHasChanged);
        }
        catch (StorageUnavailableException e)
        {
            Log.ListUnavailable(e);
            _isInterrupted = true;
        }
        return new GridData<GridRow> { Items = _rows, TotalItems = _total };
    }

    /// <summary>A press on a column's head is a change of the view like any other. Unsorted is newest first.</summary>
    private async Task FollowSortAsync(SortDefinition<GridRow>? sort)
    {
        var column = Enum.TryParse<StackSort>(sort?.SortBy, out var known) ? known : StackSort.Created;
        // A growing age is an earlier moment of creation, so these two columns' arrows tell of moments.
        var descending = sort?.Descending ?? true;
        if (column != _view.Sort || descending != _view.Descending)
        {
            _view = _view with { Sort = column, Descending = descending, Page = 0 };
            await Tab.PushAddressAsync(_view.AddressOf(Page), _leaving.Token);
        }
    }

    /// <summary>What is shown keeps its place; what is new comes after it.</summary>
    private IReadOnlyList<GridRow> InTheirPlaces(IReadOnlyList<GridRow> read) =>
        [.. _rows.Select(r => read.FirstOrDefault(r.Equals)).OfType<GridRow>(), .. read.Except(_rows)];

    private SortDirection Direction(StackSort column) =>
        column != _view.Sort ? SortDirection.None : _view.Descending ? SortDirection.Descending : SortDirection.Ascending;

    private void Select(string id, bool isOn)
    {
        if (isOn)
        {
            _selected.Add(id);
        }
        else
        {
            _selected.Remove(id);
        }
    }

    private void SelectPage(bool isOn)
    {
        foreach (var row in _rows)
        {
            Select(row.Id, isOn);
        }
    }

    private async Task SelectMatchingAsync()
    {
        try
        {
            await foreach (var rows in Deployments.ReadAllStacksAsync(_view.ToQuery(Time.GetUtcNow()), _leaving.Token))
            {
                _selected.UnionWith(rows.Select(row => row.Stack.Id));
            }
        }
        catch (StorageUnavailableException e)
        {
            Log.ListUnavailable(e);
            _isInterrupted = true;
        }
    }

    private async Task BulkAsync(BulkAct act)
    {
        if (await BulkDialog.AskAsync(Dialogs, [.. _selected], act))
        {
            _selected.Clear();
            await ReloadAsync();
        }
    }

    /// <summary>Each filter that is set, and the view without it.</summary>
    private IEnumerable<(string Label, StacksView Without)> Applied()
    {
        foreach (var state in _view.States)
        {
            yield return (Chip("filter-state", States[DeploymentText.StateKey(state)]), _view with { States = [.. _view.States.Where(s => s != state)] });
        }
        if (_view.Health is { } health)
        {
            yield return (Chip("filter-health", Healths.Word(health)), _view with { Health = null });
        }
        if (_view.Cause is { } cause)
        {
            yield return (Chip("filter-cause", Text.FailureShort(cause)), _view with { Cause = null });
        }
        if (_view.Owner is { } owner)
        {
            yield return (Chip("filter-owner", _ownerName ?? owner), _view with { Owner = null });
        }
        if (_view.Image is { } image)
        {
            yield return (Chip("filter-image", image), _view with { Image = null });
        }
        if (_view.Idle is { } idle)
        {
            yield return (Chip("filter-idle", Words.Span(idle)), _view with { Idle = null });
        }
        if (_view.Age is { } age)
        {
            yield return (Chip("filter-age", Words.Span(age)), _view with { Age = null });
        }
    }

    private IEnumerable<(string Label, StacksView With)> Quick() =>
    [
        (T["quick-failed"], _view with { States = [StackState.Failed, StackState.DeleteFailed] }),
        (T["quick-silent"], _view with { Health = HealthState.NotAnswering }),
        (T["quick-stopped"], _view with { States = [StackState.Stopped] }),
        (T["quick-unused"], _view with { Idle = StackSpan.Days7 }),
    ];

    private string Chip(string filter, string value) => T["chip", T[filter], value];

    private string Ago(DateTimeOffset at) => T["col-ago", Durations.Rough(Time.GetUtcNow() - at)];

    /// <summary>What the gate told is newer than what was stored.</summary>
    private DateTimeOffset? LastUseOf(GridRow row) => Gates.LastTold(row.Id)?.LastUsedAt is { } told && !(told < row.Shown.Stack.UsedAt) ? told : row.Shown.Stack.UsedAt;

    private static Dictionary<string, object?> LabelOf(string label) => new() { ["aria-label"] = label };

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
