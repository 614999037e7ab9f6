import { SearchBar } from "@site/src/components/search-bar.tsx";

export default SearchBar;
